namespace Edge.Graph.Inference.Rules;

/// <summary>The operators of ai.onnx.ml.</summary>
internal static class MachineLearningRules
{
    internal static void ArrayFeatureExtractor(NodeInference node)
    {
        if (node.Shape(0) is { Length: > 0 } data && node.Shape(1) is { } picked)
        {
            node.Set(0, [.. data.Length == 1 ? Shapes.Of(1) : data[..^1], SizeExpression.Product(picked)]);
        }
    }

    internal static void SameAsFloat(NodeInference node) => node.Set(0, node.Shape(0), ElementType.Float);

    internal static void LabelEncoder(NodeInference node)
    {
        ElementType? type = node.HasAttribute("values_int64s") ? ElementType.Int64
            : node.HasAttribute("values_strings") ? ElementType.String
            : node.HasAttribute("values_floats") ? ElementType.Float
            : node.Tensor("values_tensor")?.Type;
        // Version 1 swaps strings and numbers.
        type ??= node.Version < 2 ? node.Element(0) == ElementType.String ? ElementType.Int64 : ElementType.String : null;
        node.Set(0, node.Shape(0), type);
    }

    internal static void OneHotEncoder(NodeInference node)
    {
        long? categories = node.Ints("cats_int64s")?.Length ?? (node.Attribute("cats_strings")?.Content as byte[][])?.Length;
        if (node.Shape(0) is { } shape && categories is { } count)
        {
            node.Set(0, [.. shape, SizeExpression.Of(count)], ElementType.Float);
        }
    }

    internal static void TreeEnsemble(NodeInference node) => Targets(node, node.Int("n_targets", 1));

    internal static void Regressor(NodeInference node) => Targets(node, node.Int("n_targets", node.Int("targets", 1)));

    internal static void Classifier(NodeInference node)
    {
        byte[][]? names = node.Attribute("classlabels_strings")?.Content as byte[][];
        long[]? numbers = node.Ints("classlabels_int64s") ?? node.Ints("classlabels_ints");
        SizeExpression? rows = node.Shape(0) is not { } shape ? null : shape.Length < 2 ? SizeExpression.One : shape[0];
        node.Set(0, [rows], names is { Length: > 0 } ? ElementType.String : ElementType.Int64);
        long? classes = names is { Length: > 0 } ? names.Length : numbers?.Length;
        node.Set(1, [rows, classes is { } count ? SizeExpression.Of(count) : null], ElementType.Float);
    }

    private static void Targets(NodeInference node, long targets)
    {
        if (node.Shape(0) is { Length: > 0 } shape)
        {
            node.Set(0, [shape.Length == 1 ? SizeExpression.One : shape[0], SizeExpression.Of(targets)]);
        }
    }
}
