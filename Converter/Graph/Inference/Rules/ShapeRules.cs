namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that read a shape, or give the same elements another one.</summary>
internal static class ShapeRules
{
    internal static void Shape(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            node.Set(0, new SizeExpression?[1], ElementType.Int64);
            return;
        }
        int start = Clamp(node.Int("start", 0), shape.Length);
        int end = Clamp(node.Int("end", shape.Length), shape.Length);
        SizeExpression?[] part = shape[start..Math.Max(start, end)];
        node.Set(0, new TensorContent(ElementType.Int64, [part.Length], Array.ConvertAll(part, Quantity.Of)));
    }

    internal static void Size(NodeInference node)
    {
        SizeExpression? size = node.Shape(0) is { } shape ? SizeExpression.Product(shape) : null;
        node.Set(0, new TensorContent(ElementType.Int64, [], [Quantity.Of(size)]));
    }

    internal static void Reshape(NodeInference node)
    {
        SizeExpression?[]? target = node.Version < 5 ? node.Ints("shape") is { } ints ? Shapes.Of(ints) : null : node.Expressions(1);
        if (target is null)
        {
            node.Set(0, CreationRules.UnknownSizes(node, 1));
            return;
        }
        SizeExpression?[]? input = node.Shape(0);
        bool zeroIsSize = node.Int("allowzero", 0) != 0;
        var shape = (SizeExpression?[])target.Clone();
        // Axes that a 0 copies cancel out of what is left for the -1.
        var copied = new HashSet<int>();
        int open = -1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (target[axis]?.Constant == 0 && !zeroIsSize)
            {
                if (input is not null && axis >= input.Length)
                {
                    node.Unknown($"axis {axis} of its new shape copies an axis that {Shapes.Text(input)} does not have");
                    return;
                }
                shape[axis] = input?[axis];
                copied.Add(axis);
            }
            else if (target[axis]?.Constant == -1)
            {
                if (open >= 0)
                {
                    node.Unknown("two axes of its new shape are -1");
                    return;
                }
                open = axis;
                shape[axis] = null;
            }
        }
        if (input is not null)
        {
            SizeExpression? all = SizeExpression.Product([.. input.Where((_, axis) => !copied.Contains(axis))]);
            SizeExpression? others = SizeExpression.Product([.. shape.Where((_, axis) => axis != open && !copied.Contains(axis))]);
            if (open >= 0)
            {
                shape[open] = others?.Constant == 0 ? null : SizeExpression.DivideExactly(all, others) ?? SizeExpression.FloorDivide(all, others);
            }
            if (all?.Constant is { } have && others?.Constant is { } want && (open >= 0 ? want != 0 && have % want != 0 : have != want))
            {
                node.Unknown($"{Shapes.Text(input)} does not fit into {Shapes.Text(target)}");
                return;
            }
        }
        node.Set(0, shape);
        ElementwiseRules.Keep(node, Contents.Reshape(node.Content(0), shape));
    }

    internal static void Flatten(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            node.Set(0, new SizeExpression?[2]);
            return;
        }
        long axis = node.Int("axis", 1);
        if (axis < -shape.Length || axis > shape.Length)
        {
            node.Unknown($"axis {axis} is outside a tensor of {shape.Length} axes");
            return;
        }
        int split = (int)(axis < 0 ? axis + shape.Length : axis);
        SizeExpression?[] flat = [SizeExpression.Product(shape.AsSpan(0, split)), SizeExpression.Product(shape.AsSpan(split))];
        node.Set(0, flat);
        ElementwiseRules.Keep(node, Contents.Reshape(node.Content(0), flat));
    }

    internal static void Squeeze(NodeInference node)
    {
        if (node.Shape(0) is not { } shape || !TryAxes(node, out long[]? axes))
        {
            return;
        }
        bool[] gone = new bool[shape.Length];
        if (axes is null)
        {
            for (int axis = 0; axis < shape.Length; axis++)
            {
                if (shape[axis] is not { IsConstant: true } size)
                {
                    node.Unknown($"names no axes, and whether axis {axis} of {Shapes.Text(shape)} is 1 only a run tells");
                    return;
                }
                gone[axis] = size.IsOne;
            }
        }
        else if (node.Axes(axes, shape.Length) is { } named)
        {
            foreach (int axis in named)
            {
                if (shape[axis]?.Constant is { } size and not 1)
                {
                    node.Unknown($"axis {axis} that it takes away is {size}, not 1");
                    return;
                }
                gone[axis] = true;
            }
        }
        else
        {
            return;
        }
        SizeExpression?[] left = [.. shape.Where((_, axis) => !gone[axis])];
        node.Set(0, left);
        ElementwiseRules.Keep(node, Contents.Reshape(node.Content(0), left));
    }

    internal static void Unsqueeze(NodeInference node)
    {
        if (node.Shape(0) is not { } shape || !TryAxes(node, out long[]? axes))
        {
            return;
        }
        int rank = shape.Length + (axes?.Length ?? 0);
        if (axes is null || rank > InferenceEngine.MostAxes || node.Axes(axes, rank) is not { } named)
        {
            return;
        }
        var result = new SizeExpression?[rank];
        int next = 0;
        for (int axis = 0; axis < rank; axis++)
        {
            result[axis] = named.AsSpan().Contains(axis) ? SizeExpression.One : shape[next++];
        }
        node.Set(0, result);
        ElementwiseRules.Keep(node, Contents.Reshape(node.Content(0), result));
    }

    internal static void Expand(NodeInference node)
    {
        SizeExpression?[]? target = node.Expressions(1) ?? CreationRules.UnknownSizes(node, 1);
        if (node.Shape(0) is not { } shape || target is null)
        {
            return;
        }
        node.Set(0, Shapes.Broadcast(node, shape, target));
        if (node.Content(0) is { } content && Shapes.Constants(target) is { } dims)
        {
            ElementwiseRules.Keep(node, Contents.Stretch(content, dims));
        }
    }

    internal static void Tile(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        SizeExpression?[]? repeats = node.Version < 6 ? null : node.Expressions(1);
        if (repeats is not null && repeats.Length != shape.Length)
        {
            node.Unknown($"repeats {repeats.Length} axes of a tensor of {shape.Length}");
            return;
        }
        var result = new SizeExpression?[shape.Length];
        for (int axis = 0; axis < result.Length; axis++)
        {
            result[axis] = SizeExpression.Multiply(shape[axis], repeats?[axis]);
        }
        node.Set(0, result);
    }

    internal static void Transpose(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        long[] order = node.Ints("perm") ?? [.. Enumerable.Range(0, shape.Length).Select(axis => (long)(shape.Length - 1 - axis))];
        if (order.Length != shape.Length)
        {
            node.Unknown($"orders {order.Length} axes of a tensor of {shape.Length}");
            return;
        }
        if (node.Axes(order, shape.Length) is { } axes)
        {
            node.Set(0, Array.ConvertAll(axes, axis => shape[axis]));
            if (node.Content(0) is { } content)
            {
                long[] strides = Contents.Strides(content.Dims);
                node.Set(0, Contents.View(content, Array.ConvertAll(axes, axis => content.Dims[axis]), 0, Array.ConvertAll(axes, axis => strides[axis])));
            }
        }
    }

    /// <summary>The axes that Squeeze, Unsqueeze and others name: an attribute, and an input from opset 13 on; null where they name none.</summary>
    private static bool TryAxes(NodeInference node, out long[]? axes)
    {
        axes = node.Ints("axes");
        if (axes is not null || node.Version < 13 || !node.Has(1))
        {
            return true;
        }
        axes = node.Constants(1);
        if (axes is null)
        {
            node.Unknown($"its axes are computed from data: '{node.Node.Input(1)!.Name}'");
        }
        return axes is not null;
    }

    private static int Clamp(long position, int rank) => (int)Math.Clamp(position < 0 ? position + rank : position, 0, rank);
}
