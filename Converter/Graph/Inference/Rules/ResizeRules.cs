namespace Edge.Graph.Inference.Rules;

/// <summary>Resize and Upsample: sizes given, or computed from scales.</summary>
internal static class ResizeRules
{
    internal static void Upsample(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        if (node.Version < 7)
        {
            Quantity[] old = [Quantity.Of(1L), Quantity.Of(1L), Quantity.Of((double)node.Float("height_scale", 1)), Quantity.Of((double)node.Float("width_scale", 1))];
            node.Set(0, shape.Length == 4 ? Scaled(shape, old) : null);
            return;
        }
        Quantity[]? scales = node.Floats("scales") is { } given ? Array.ConvertAll(given, scale => Quantity.Of((double)scale)) : node.Content(1)?.Elements;
        SetScaled(node, shape, shape, scales, 1, [.. Enumerable.Range(0, shape.Length)]);
    }

    internal static void Resize(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        if (node.Version < 11)
        {
            SetScaled(node, shape, shape, node.Content(1)?.Elements, 1, [.. Enumerable.Range(0, shape.Length)]);
            return;
        }
        int[]? axes = node.Ints("axes") is { } named ? node.Axes(named, shape.Length) : [.. Enumerable.Range(0, shape.Length)];
        if (axes is null)
        {
            return;
        }
        SizeExpression?[] part = Array.ConvertAll(axes, axis => shape[axis]);
        if (node.Has(3) && !(node.Content(3) is { Elements.Length: 0 } && node.Has(2)))
        {
            SetSized(node, shape, part, axes);
        }
        else
        {
            SetScaled(node, shape, part, node.Content(2)?.Elements, 2, axes);
        }
    }

    private static void SetSized(NodeInference node, SizeExpression?[] shape, SizeExpression?[] part, int[] axes)
    {
        SizeExpression?[]? sizes = node.Expressions(3);
        string policy = node.Text("keep_aspect_ratio_policy", "stretch");
        if (sizes is not null && sizes.Length != axes.Length)
        {
            node.Unknown($"names {sizes.Length} sizes for {axes.Length} axes");
            return;
        }
        if (sizes is null)
        {
            node.Unknown($"its sizes are computed from data: '{node.Node.Input(3)!.Name}'");
        }
        else if (policy != "stretch")
        {
            node.Unknown("keeps the ratio of its sides, which are symbols");
            sizes = Shapes.Constants(sizes) is { } wanted && Shapes.Constants(part) is { } have ? KeepAspect(have, wanted, policy == "not_larger") : null;
        }
        Place(node, shape, axes, sizes);
    }

    private static void SetScaled(NodeInference node, SizeExpression?[] shape, SizeExpression?[] part, Quantity[]? scales, int input, int[] axes)
    {
        if (scales is not null && scales.Length != axes.Length)
        {
            node.Unknown($"names {scales.Length} scales for {axes.Length} axes");
            return;
        }
        if (scales is null)
        {
            node.Unknown($"its scales are computed from data: '{node.Node.Input(input)?.Name}'");
        }
        Place(node, shape, axes, scales is null ? null : Scaled(part, scales));
    }

    private static void Place(NodeInference node, SizeExpression?[] shape, int[] axes, SizeExpression?[]? sizes)
    {
        var result = (SizeExpression?[])shape.Clone();
        for (int index = 0; index < axes.Length; index++)
        {
            result[axes[index]] = sizes?[index];
        }
        node.Set(0, result);
    }

    // Engines multiply in single precision and round down.
    private static SizeExpression?[] Scaled(SizeExpression?[] sizes, Quantity[] scales)
    {
        var result = new SizeExpression?[sizes.Length];
        for (int axis = 0; axis < result.Length; axis++)
        {
            if (sizes[axis]?.Constant is { } size && scales[axis].Real is { } scale)
            {
                float product = MathF.Floor((float)size * (float)scale);
                result[axis] = product is >= 0 and < 1e18f ? SizeExpression.Of((long)product) : null;
            }
            else
            {
                result[axis] = Quantity.Multiply(Quantity.Of(sizes[axis]), scales[axis]).Floor().Whole;
            }
        }
        return result;
    }

    private static SizeExpression?[]? KeepAspect(long[] have, long[] wanted, bool notLarger)
    {
        if (have.Any(size => size <= 0))
        {
            return null;
        }
        float[] scales = [.. wanted.Zip(have, (want, size) => (float)want / size)];
        float scale = notLarger ? scales.Min() : scales.Max();
        return Array.ConvertAll(have, size => (SizeExpression?)SizeExpression.Of((long)MathF.Floor(Math.Clamp((scale * size) + 0.5f, 0, 1e18f))));
    }
}
