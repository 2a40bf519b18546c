namespace Edge.Graph.Inference.Rules;

/// <summary>What several rules do with sizes.</summary>
internal static class Shapes
{
    /// <summary>The shape that all inputs of a node are stretched to; null, with the reason noted, where one is not known or they do not fit.</summary>
    internal static SizeExpression?[]? BroadcastInputs(NodeInference node)
    {
        SizeExpression?[]? shape = null;
        for (int input = 0; input < node.InputCount; input++)
        {
            if (!node.Has(input))
            {
                continue;
            }
            if (node.Shape(input) is not { } next)
            {
                return null;
            }
            shape = shape is null ? next : Broadcast(node, shape, next);
            if (shape is null)
            {
                return null;
            }
        }
        return shape;
    }

    /// <summary>The shape that two shapes are stretched to; null, with the reason noted, where they do not fit.</summary>
    internal static SizeExpression?[]? Broadcast(NodeInference node, SizeExpression?[] a, SizeExpression?[] b)
    {
        var shape = new SizeExpression?[Math.Max(a.Length, b.Length)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int left = axis - (shape.Length - a.Length);
            int right = axis - (shape.Length - b.Length);
            if (left < 0 || right < 0)
            {
                shape[axis] = left < 0 ? b[right] : a[left];
            }
            else if (a[left]?.Constant is { } x && b[right]?.Constant is { } y && x != y && x != 1 && y != 1)
            {
                node.Unknown($"{Text(a)} and {Text(b)} do not fit together");
                return null;
            }
            else
            {
                shape[axis] = Stretch(a[left], b[right]);
            }
        }
        return shape;
    }

    /// <summary><c>[batch,3,?]</c>.</summary>
    internal static string Text(SizeExpression?[] shape) => $"[{string.Join(',', shape.Select(size => size?.Text ?? "?"))}]";

    internal static SizeExpression?[] Filled(int rank, SizeExpression? size)
    {
        var shape = new SizeExpression?[rank];
        Array.Fill(shape, size);
        return shape;
    }

    internal static SizeExpression?[] Of(params ReadOnlySpan<long> sizes)
    {
        var shape = new SizeExpression?[sizes.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = SizeExpression.Of(sizes[axis]);
        }
        return shape;
    }

    /// <summary>The numbers, if every size is one.</summary>
    internal static long[]? Constants(SizeExpression?[] shape)
    {
        long[] sizes = new long[shape.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (shape[axis]?.Constant is not { } size)
            {
                return null;
            }
            sizes[axis] = size;
        }
        return sizes;
    }

    /// <summary>How many elements a constant shape has, up to the number that contents are followed to; null beyond.</summary>
    internal static int? Count(long[] dims)
    {
        long count = 1;
        foreach (long dim in dims)
        {
            if (dim < 0 || dim > TensorContent.MostElements || (count *= dim) > TensorContent.MostElements)
            {
                return null;
            }
        }
        return (int)count;
    }

    private static SizeExpression? Stretch(SizeExpression? a, SizeExpression? b)
    {
        if (a is null || b is null)
        {
            SizeExpression? known = a ?? b;
            return known is { IsConstant: true, IsOne: false } ? known : null;
        }
        return a.IsOne ? b : b.IsOne || a.Equals(b) ? a : a.IsConstant ? a : b.IsConstant ? b : SizeExpression.Max(a, b);
    }
}
