namespace Edge.Graph.Inference.Rules;

/// <summary>Convolutions, pools and other operators that slide a window over the axes behind batch and channels.</summary>
internal static class WindowRules
{
    internal static void Convolution(NodeInference node) => Convolution(node, weight: 1);

    internal static void QuantizedConvolution(NodeInference node) => Convolution(node, weight: 3);

    internal static void TransposedConvolution(NodeInference node)
    {
        if (node.Shape(0) is not { Length: > 2 } shape || node.Shape(1) is not { } weight || weight.Length != shape.Length)
        {
            return;
        }
        int spatial = shape.Length - 2;
        if (Window.Read(node, spatial, Kernel(node, weight)) is not { } window)
        {
            return;
        }
        long[]? extra = node.Ints("output_padding");
        long[]? given = node.Ints("output_shape");
        var result = new SizeExpression?[shape.Length];
        result[0] = shape[0];
        result[1] = SizeExpression.Multiply(weight[1], SizeExpression.Of(node.Int("group", 1)));
        for (int axis = 0; axis < spatial; axis++)
        {
            // An output shape may be given with batch and channels in front.
            result[axis + 2] = given is not null && given.Length >= spatial
                ? SizeExpression.Of(given[axis + given.Length - spatial])
                : window.Transposed(shape[axis + 2], axis, extra is not null && extra.Length == spatial ? extra[axis] : 0);
        }
        node.Set(0, result);
    }

    internal static void Pool(NodeInference node)
    {
        if (node.Shape(0) is not { Length: > 2 } shape || Window.Read(node, shape.Length - 2, node.Ints("kernel_shape")) is not { } window)
        {
            return;
        }
        var result = (SizeExpression?[])shape.Clone();
        for (int axis = 2; axis < shape.Length; axis++)
        {
            result[axis] = window.Positions(shape[axis], axis - 2);
        }
        node.Set(0, result);
        node.Set(1, result, ElementType.Int64);
    }

    internal static void GlobalPool(NodeInference node)
    {
        if (node.Shape(0) is { Length: >= 2 } shape)
        {
            node.Set(0, [.. shape.Select((size, axis) => axis < 2 ? size : SizeExpression.One)]);
        }
    }

    internal static void Unpool(NodeInference node)
    {
        if (node.Shape(0) is not { Length: > 2 } shape)
        {
            return;
        }
        if (node.Has(2))
        {
            node.Set(0, node.Expressions(2) is { } given && given.Length == shape.Length ? given : CreationRules.UnknownSizes(node, 2));
        }
        else if (Window.Read(node, shape.Length - 2, node.Ints("kernel_shape")) is { } window)
        {
            node.Set(0, [.. shape.Select((size, axis) => axis < 2 ? size : window.Transposed(size, axis - 2, 0))]);
        }
    }

    internal static void ColumnsToImage(NodeInference node)
    {
        if (node.Shape(0) is not [var batch, var columns, _] || node.Expressions(1) is not { } image)
        {
            node.Unknown("the size of the image is computed from data");
            return;
        }
        SizeExpression? block = node.Expressions(2) is { } sizes ? SizeExpression.Product(sizes) : null;
        node.Set(0, [batch, SizeExpression.FloorDivide(columns, block), .. image]);
    }

    internal static void GridSample(NodeInference node)
    {
        if (node.Shape(0) is { Length: > 2 } image && node.Shape(1) is { } grid && grid.Length == image.Length)
        {
            node.Set(0, [image[0], image[1], .. grid[1..^1]], node.Element(0));
        }
    }

    internal static void AffineGrid(NodeInference node)
    {
        if (node.Expressions(1) is { Length: 4 or 5 } size)
        {
            node.Set(0, [size[0], .. size[2..], SizeExpression.Of(size.Length - 2)]);
        }
        else
        {
            node.Unknown("the size of the grid is computed from data");
        }
    }

    internal static void RegionAlign(NodeInference node)
    {
        if (node.Shape(0) is { Length: 4 } image)
        {
            SizeExpression? regions = node.Shape(1) is [var count, ..] ? count : null;
            node.Set(0, [regions, image[1], SizeExpression.Of(node.Int("output_height", 1)), SizeExpression.Of(node.Int("output_width", 1))]);
        }
    }

    internal static void RegionPool(NodeInference node)
    {
        if (node.Shape(0) is { Length: 4 } image && node.Ints("pooled_shape") is [var height, var width])
        {
            SizeExpression? regions = node.Shape(1) is [var count, ..] ? count : null;
            node.Set(0, [regions, image[1], SizeExpression.Of(height), SizeExpression.Of(width)]);
        }
    }

    private static void Convolution(NodeInference node, int weight)
    {
        if (node.Shape(0) is not { Length: > 2 } shape || node.Shape(weight) is not { } filters)
        {
            return;
        }
        if (filters.Length != shape.Length)
        {
            node.Unknown($"its weights {Shapes.Text(filters)} do not fit {Shapes.Text(shape)}");
            return;
        }
        if (Window.Read(node, shape.Length - 2, Kernel(node, filters)) is not { } window)
        {
            return;
        }
        var result = new SizeExpression?[shape.Length];
        result[0] = shape[0];
        result[1] = filters[0];
        for (int axis = 2; axis < shape.Length; axis++)
        {
            result[axis] = window.Positions(shape[axis], axis - 2);
        }
        node.Set(0, result);
    }

    private static long[]? Kernel(NodeInference node, SizeExpression?[] weight) => node.Ints("kernel_shape") ?? Shapes.Constants(weight[2..]);
}
