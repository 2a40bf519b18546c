namespace Edge.Graph.Inference.Rules;

/// <summary>Slice: what lies between two positions of an axis, forwards or backwards, with symbolic positions.</summary>
internal static class SliceRule
{
    internal static void Slice(NodeInference node)
    {
        if (node.Shape(0) is not { } shape)
        {
            return;
        }
        bool fromInputs = node.Version >= 10;
        SizeExpression?[]? starts = fromInputs ? node.Expressions(1) : Of(node.Ints("starts"));
        SizeExpression?[]? ends = fromInputs ? node.Expressions(2) : Of(node.Ints("ends"));
        long[]? named = !fromInputs ? node.Ints("axes") : node.Has(3) ? node.Constants(3) : null;
        long[]? steps = fromInputs && node.Has(4) ? node.Constants(4) : null;
        int count = starts?.Length ?? ends?.Length ?? named?.Length ?? steps?.Length ?? -1;
        if (count < 0 || (fromInputs && ((node.Has(3) && named is null) || (node.Has(4) && steps is null))))
        {
            node.Unknown("what it cuts out is computed from data");
            node.Set(0, new SizeExpression?[shape.Length]);
            return;
        }
        if (node.Axes(named ?? [.. Enumerable.Range(0, count).Select(axis => (long)axis)], shape.Length) is not { } axes)
        {
            return;
        }
        if (axes.Length != count || (ends?.Length ?? count) != count || (steps?.Length ?? count) != count || (steps?.Contains(0) ?? false))
        {
            node.Unknown("its starts, ends, axes and steps do not fit together");
            return;
        }
        var result = (SizeExpression?[])shape.Clone();
        for (int index = 0; index < count; index++)
        {
            long step = steps?[index] ?? 1;
            result[axes[index]] = Length(shape[axes[index]], starts?[index], ends?[index], step);
            if (result[axes[index]] is null)
            {
                node.Unknown($"what it cuts out of axis {axes[index]} is computed from data");
            }
        }
        node.Set(0, result);
        if (node.Content(0) is { } content && starts is not null && Shapes.Constants(starts) is { } from && Shapes.Constants(result) is { } dims)
        {
            node.Set(0, Cut(content, dims, axes, from, steps));
        }
    }

    /// <summary>How many positions lie between two, of which negative ones count from the end.</summary>
    private static SizeExpression? Length(SizeExpression? size, SizeExpression? start, SizeExpression? end, long step)
    {
        bool backwards = step < 0;
        SizeExpression? first = Position(size, start, backwards, isEnd: false);
        SizeExpression? last = Position(size, end, backwards, isEnd: true);
        if (step == 1 && first?.Constant == 0 && last is not null && last.Equals(size))
        {
            return size;
        }
        SizeExpression? span = backwards ? SizeExpression.Subtract(first, last) : SizeExpression.Subtract(last, first);
        SizeExpression? count = step == long.MinValue ? null : SizeExpression.CeilDivide(span, SizeExpression.Of(Math.Abs(step)));
        return SizeExpression.Max(count, SizeExpression.Zero);
    }

    private static SizeExpression? Position(SizeExpression? size, SizeExpression? position, bool backwards, bool isEnd)
    {
        if (size is null || position is null)
        {
            return null;
        }
        if (position.Constant == 0 && !backwards)
        {
            return position;
        }
        // Backwards, the first is at most the last element, and the end may stand before the first.
        SizeExpression? most = backwards ? SizeExpression.Subtract(size, SizeExpression.One) : size;
        SizeExpression least = SizeExpression.Of(backwards && isEnd ? -1 : 0);
        if (position.Constant is { } number && !size.IsConstant)
        {
            // Numbers like 2³¹-1 and their negatives mean "to the very end".
            if (number >= int.MaxValue)
            {
                return most;
            }
            if (number <= int.MinValue)
            {
                return least;
            }
        }
        (long lower, long upper) = position.Bounds();
        return lower >= 0 ? SizeExpression.Min(position, most)
            : upper < 0 ? SizeExpression.Max(SizeExpression.Add(size, position), least)
            : null;
    }

    private static TensorContent Cut(TensorContent content, long[] dims, int[] axes, long[] starts, long[]? steps)
    {
        long[] strides = Contents.Strides(content.Dims);
        long offset = 0;
        for (int index = 0; index < axes.Length; index++)
        {
            int axis = axes[index];
            long size = content.Dims[axis];
            long step = steps?[index] ?? 1;
            if (dims[axis] == 0)
            {
                continue;
            }
            long first = Math.Clamp(starts[index] < 0 ? starts[index] + size : starts[index], 0, size - 1);
            offset += first * strides[axis];
            // A step beyond the axis is taken only once.
            strides[axis] *= dims[axis] == 1 ? 1 : step;
        }
        return Contents.View(content, dims, offset, strides);
    }

    private static SizeExpression?[]? Of(long[]? values) => values is null ? null : Shapes.Of(values);
}
