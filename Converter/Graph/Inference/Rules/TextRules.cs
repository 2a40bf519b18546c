namespace Edge.Graph.Inference.Rules;

/// <summary>Operators on strings and on encoded images.</summary>
internal static class TextRules
{
    internal static void StringNormalizer(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        bool drops = node.Attribute("stopwords")?.Content is byte[][] { Length: > 0 };
        if (drops && shape.Length > 0)
        {
            shape = (SizeExpression?[])shape.Clone();
            shape[^1] = node.Fresh(0, shape.Length - 1, "how many words are left");
        }
        node.Set(0, shape);
    }

    internal static void TfIdf(NodeInference node)
    {
        if (node.Shape(0) is { Length: > 0 } shape && node.Ints("ngram_indexes") is { Length: > 0 } indexes)
        {
            node.Set(0, [.. shape[..^1], SizeExpression.Add(SizeExpression.Of(indexes.Max()), SizeExpression.One)]);
        }
    }

    internal static void StringSplit(NodeInference node)
    {
        if (node.Shape(0) is { } shape)
        {
            node.Set(0, [.. shape, node.Fresh(0, shape.Length, "the most parts that a string has")]);
            node.Set(1, shape);
        }
    }

    internal static void ImageDecoder(NodeInference node) => node.Set(0, [
        node.Fresh(0, 0, "the image's height"),
        node.Fresh(0, 1, "the image's width"),
        SizeExpression.Of(node.Text("pixel_format", "RGB") == "Grayscale" ? 1 : 3)]);
}
