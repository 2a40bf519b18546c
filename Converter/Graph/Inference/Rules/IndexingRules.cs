namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that pick elements by index, and operators that find indices.</summary>
internal static class IndexingRules
{
    internal static void Gather(NodeInference node)
    {
        if (node.Shape(0) is not { } data || node.Shape(1) is not { } indices || node.Axis("axis", 0, data.Length) is not { } axis)
        {
            return;
        }
        node.Set(0, [.. data[..axis], .. indices, .. data[(axis + 1)..]]);
        if (node.Content(0) is { } content && node.Constants(1) is { } picked && node.Result(0) is TensorType { Shape: { IsFixed: true } shape }
            && shape.ToFixed() is { } dims && Shapes.Count(dims) is not null)
        {
            PickContent(node, content, picked, axis, dims);
        }
    }

    internal static void GatherElements(NodeInference node) => node.Set(0, node.Shape(1));

    internal static void GatherNd(NodeInference node)
    {
        if (node.Shape(0) is not { } data || node.Shape(1) is not { Length: > 0 } indices)
        {
            return;
        }
        long batch = node.Int("batch_dims", 0);
        if (indices[^1]?.Constant is not { } depth || batch < 0 || depth < 0 || batch + depth > data.Length)
        {
            node.Unknown("how many axes its indices name is not known");
            return;
        }
        node.Set(0, [.. indices[..^1], .. data[(int)(batch + depth)..]]);
    }

    internal static void OneHot(NodeInference node)
    {
        if (node.Shape(0) is not { } indices || node.Axis("axis", -1, indices.Length + 1) is not { } axis)
        {
            return;
        }
        SizeExpression? depth = CreationRules.Scalar(node, 1).Truncate().Whole ?? node.Fresh(0, axis, "the depth");
        node.Set(0, [.. indices[..axis], depth, .. indices[axis..]], node.Element(2));
    }

    internal static void NonZero(NodeInference node)
    {
        SizeExpression? found = node.Fresh(0, 1, "how many elements are not zero");
        node.Set(0, [node.Shape(0) is { } shape ? SizeExpression.Of(Math.Max(shape.Length, 1)) : null, found]);
    }

    internal static void Unique(NodeInference node)
    {
        SizeExpression? found = node.Fresh(0, 0, "how many elements differ from each other");
        if (!node.HasAttribute("axis"))
        {
            node.Set(0, [found]);
            node.Set(2, [node.Shape(0) is { } whole ? SizeExpression.Product(whole) : null]);
        }
        else if (node.Shape(0) is { } shape && node.Axis("axis", 0, shape.Length) is { } axis)
        {
            var result = (SizeExpression?[])shape.Clone();
            result[axis] = found;
            node.Set(0, result);
            node.Set(2, [shape[axis]]);
        }
        node.Set(1, [found]);
        node.Set(3, [found]);
    }

    internal static void Compress(NodeInference node)
    {
        SizeExpression? kept = node.Content(1) is { } condition && condition.ToConstants() is { } bits
            ? SizeExpression.Of(bits.Count(bit => bit != 0))
            : node.Fresh(0, 0, "how many elements the condition keeps");
        if (!node.HasAttribute("axis"))
        {
            node.Set(0, [kept]);
        }
        else if (node.Shape(0) is { } shape && node.Axis("axis", 0, shape.Length) is { } axis)
        {
            var result = (SizeExpression?[])shape.Clone();
            result[axis] = kept;
            node.Set(0, result);
        }
    }

    internal static void TopK(NodeInference node)
    {
        if (node.Shape(0) is not { } shape || node.Axis("axis", -1, shape.Length) is not { } axis)
        {
            return;
        }
        var result = (SizeExpression?[])shape.Clone();
        result[axis] = node.Version < 10 ? SizeExpression.Of(node.Int("k", 0)) : CreationRules.Scalar(node, 1).Whole ?? node.Fresh(0, axis, "the number k");
        node.Set(0, result);
        node.Set(1, result, ElementType.Int64);
    }

    internal static void NonMaxSuppression(NodeInference node) => node.Set(0, [node.Fresh(0, 0, "how many boxes are selected"), SizeExpression.Of(3)]);

    private static void PickContent(NodeInference node, TensorContent content, long[] picked, int axis, long[] dims)
    {
        long size = content.Dims[axis];
        long inner = Contents.Strides(content.Dims)[axis];
        long outer = size * inner == 0 ? 0 : content.Elements.Length / (size * inner);
        var elements = new List<Quantity>();
        for (long block = 0; block < outer; block++)
        {
            foreach (long index in picked)
            {
                if (index < -size || index >= size)
                {
                    return;
                }
                int start = (int)((block * size) + (index < 0 ? index + size : index)) * (int)inner;
                elements.AddRange(content.Elements.AsSpan(start, (int)inner));
            }
        }
        if (elements.Count == Shapes.Count(dims))
        {
            node.Set(0, new TensorContent(content.Type, dims, [.. elements]));
        }
    }
}
