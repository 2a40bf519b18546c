namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that join, cut, pad and rearrange tensors.</summary>
internal static class MovementRules
{
    internal static void Concat(NodeInference node)
    {
        SizeExpression?[]? result = null;
        for (int input = 0; input < node.InputCount; input++)
        {
            if (node.Shape(input) is not { } shape)
            {
                return;
            }
            if (result is null)
            {
                result = (SizeExpression?[])shape.Clone();
                if (node.Axis("axis", 1, shape.Length) is null)
                {
                    return;
                }
                continue;
            }
            int axis = node.Axis("axis", 1, result.Length)!.Value;
            if (shape.Length != result.Length)
            {
                node.Unknown($"joins tensors of {result.Length} and {shape.Length} axes");
                return;
            }
            for (int index = 0; index < shape.Length; index++)
            {
                if (index == axis)
                {
                    result[index] = SizeExpression.Add(result[index], shape[index]);
                }
                else if (result[index]?.Constant is { } have && shape[index]?.Constant is { } more && have != more)
                {
                    node.Unknown($"'{node.Node.Input(input)!.Name}' {Shapes.Text(shape)} does not fit beside {Shapes.Text(result)}");
                    return;
                }
                else
                {
                    // The sizes are the same at run time: the number says most.
                    result[index] = shape[index] is { IsConstant: true } || result[index] is null ? shape[index] : result[index];
                }
            }
        }
        node.Set(0, result);
        JoinContents(node);
    }

    internal static void Split(NodeInference node)
    {
        if (node.Shape(0) is not { } shape || node.Axis("axis", 0, shape.Length) is not { } axis)
        {
            return;
        }
        int count = node.OutputCount;
        SizeExpression?[]? sizes = node.Ints("split") is { } given ? Shapes.Of(given) : node.Version is >= 13 or < 2 && node.Has(1) ? node.Expressions(1) ?? new SizeExpression?[count] : null;
        if (sizes is null)
        {
            SizeExpression number = SizeExpression.Of(count);
            SizeExpression? chunk = SizeExpression.CeilDivide(shape[axis], number);
            sizes = Shapes.Filled(count, chunk);
            if (chunk is not null && count > 0)
            {
                sizes[^1] = SizeExpression.Subtract(shape[axis], SizeExpression.Multiply(chunk, SizeExpression.Of(count - 1)));
            }
        }
        if (sizes.Length != count)
        {
            node.Unknown($"names {sizes.Length} sizes for {count} outputs");
            return;
        }
        for (int output = 0; output < count; output++)
        {
            var part = (SizeExpression?[])shape.Clone();
            part[axis] = sizes[output];
            node.Set(output, part);
        }
        SplitContent(node, shape, sizes);
    }

    internal static void Pad(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        SizeExpression?[]? pads = node.Version >= 11 ? node.Expressions(1) : (node.Ints("pads") ?? node.Ints("paddings")) is { } given ? Shapes.Of(given) : null;
        int[]? axes = [.. Enumerable.Range(0, shape.Length)];
        if (node.Version >= 18 && node.Has(3))
        {
            axes = node.Constants(3) is { } named ? node.Axes(named, shape.Length) : null;
        }
        if (pads is null || axes is null)
        {
            node.Unknown("how much it pads is computed from data");
            node.Set(0, new SizeExpression?[shape.Length]);
            return;
        }
        if (pads.Length != 2 * axes.Length)
        {
            node.Unknown($"names {pads.Length} pads for {axes.Length} axes");
            return;
        }
        var result = (SizeExpression?[])shape.Clone();
        for (int index = 0; index < axes.Length; index++)
        {
            result[axes[index]] = SizeExpression.Add(result[axes[index]], SizeExpression.Add(pads[index], pads[index + axes.Length]));
        }
        node.Set(0, result);
    }

    internal static void CenterCropPad(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        int[]? axes = node.Ints("axes") is { } named ? node.Axes(named, shape.Length) : [.. Enumerable.Range(0, shape.Length)];
        if (axes is null)
        {
            return;
        }
        var result = (SizeExpression?[])shape.Clone();
        SizeExpression?[]? target = node.Expressions(1);
        if (target is not null && target.Length != axes.Length)
        {
            node.Unknown($"names {target.Length} sizes for {axes.Length} axes");
            return;
        }
        if (target is null)
        {
            node.Unknown($"its sizes are computed from data: '{node.Node.Input(1)?.Name}'");
        }
        for (int index = 0; index < axes.Length; index++)
        {
            result[axes[index]] = target?[index];
        }
        node.Set(0, result);
    }

    internal static void DepthToSpace(NodeInference node)
    {
        if (node.Shape(0) is [var batch, var channels, var height, var width])
        {
            SizeExpression block = SizeExpression.Of(Math.Clamp(node.Int("blocksize", 1), 1, int.MaxValue));
            node.Set(0, [batch, SizeExpression.FloorDivide(channels, SizeExpression.Multiply(block, block)), SizeExpression.Multiply(height, block), SizeExpression.Multiply(width, block)]);
        }
    }

    internal static void SpaceToDepth(NodeInference node)
    {
        if (node.Shape(0) is [var batch, var channels, var height, var width])
        {
            SizeExpression block = SizeExpression.Of(Math.Clamp(node.Int("blocksize", 1), 1, int.MaxValue));
            node.Set(0, [batch, SizeExpression.Multiply(channels, SizeExpression.Multiply(block, block)), SizeExpression.FloorDivide(height, block), SizeExpression.FloorDivide(width, block)]);
        }
    }

    private static void JoinContents(NodeInference node)
    {
        var elements = new List<Quantity>();
        ElementType? type = null;
        for (int input = 0; input < node.InputCount; input++)
        {
            if (node.Content(input) is not { Dims.Length: 1 } content || elements.Count + content.Elements.Length > TensorContent.MostElements)
            {
                return;
            }
            type ??= content.Type;
            elements.AddRange(content.Elements);
        }
        if (type is { } known)
        {
            node.Set(0, new TensorContent(known, [elements.Count], [.. elements]));
        }
    }

    private static void SplitContent(NodeInference node, SizeExpression?[] shape, SizeExpression?[] sizes)
    {
        if (shape.Length != 1 || node.Content(0) is not { } content || Shapes.Constants(sizes) is not { } lengths
            || lengths.Any(length => length < 0 || length > content.Elements.Length) || lengths.Sum() != content.Elements.Length)
        {
            return;
        }
        int start = 0;
        for (int output = 0; output < lengths.Length; output++)
        {
            int length = (int)lengths[output];
            node.Set(output, new TensorContent(content.Type, [length], content.Elements[start..(start + length)]));
            start += length;
        }
    }
}
