namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that reduce axes to one element.</summary>
internal static class ReductionRules
{
    internal static void Reduce(NodeInference node) => Reduce(node, axesInputSince: 18);

    internal static void ReduceSum(NodeInference node)
    {
        Reduce(node, axesInputSince: 13);
        FoldAll(node, Quantity.Add);
    }

    internal static void ReduceProduct(NodeInference node)
    {
        Reduce(node, axesInputSince: 18);
        FoldAll(node, Quantity.Multiply);
    }

    internal static void ReduceMaximum(NodeInference node)
    {
        Reduce(node, axesInputSince: 18);
        FoldAll(node, Quantity.Max);
    }

    internal static void ReduceMinimum(NodeInference node)
    {
        Reduce(node, axesInputSince: 18);
        FoldAll(node, Quantity.Min);
    }

    internal static void ArgMaximum(NodeInference node)
    {
        if (node.Shape(0) is { } shape && node.Axis("axis", 0, shape.Length) is { } axis)
        {
            node.Set(0, Reduced(shape, [axis], node.Int("keepdims", 1) != 0), ElementType.Int64);
        }
    }

    private static void Reduce(NodeInference node, int axesInputSince)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        bool keep = node.Int("keepdims", 1) != 0;
        long[]? axes = node.Ints("axes");
        if (node.Version >= axesInputSince && node.Has(1))
        {
            axes = node.Constants(1);
            if (axes is null)
            {
                node.Unknown($"its axes are computed from data: '{node.Node.Input(1)!.Name}'");
                node.Set(0, keep ? new SizeExpression?[shape.Length] : null);
                return;
            }
        }
        if (axes is null or [])
        {
            node.Set(0, node.Int("noop_with_empty_axes", 0) != 0 ? shape : Reduced(shape, [.. Enumerable.Range(0, shape.Length)], keep));
        }
        else if (node.Axes(axes, shape.Length) is { } named)
        {
            node.Set(0, Reduced(shape, named, keep));
        }
    }

    private static SizeExpression?[] Reduced(SizeExpression?[] shape, int[] axes, bool keep) => keep
        ? [.. shape.Select((size, axis) => axes.AsSpan().Contains(axis) ? SizeExpression.One : size)]
        : [.. shape.Where((_, axis) => !axes.AsSpan().Contains(axis))];

    // The elements of a shape, multiplied or added up.
    private static void FoldAll(NodeInference node, Func<Quantity, Quantity, Quantity> operation)
    {
        if (node.Content(0) is not { Type: ElementType.Int64 or ElementType.Int32, Dims.Length: 1, Elements.Length: > 0 } content
            || node.Result(0) is not TensorType { Shape: { } shape } || (shape.Rank == 1 && shape[0].Size != 1))
        {
            return;
        }
        Quantity result = content.Elements[0];
        foreach (Quantity element in content.Elements.AsSpan(1))
        {
            result = operation(result, element);
        }
        node.Set(0, new TensorContent(content.Type, shape.ToFixed()!, [result]));
    }
}
