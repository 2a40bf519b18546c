namespace Edge.Graph.Inference.Rules;

/// <summary>A window that slides over some axes: its sizes, strides, dilations and pads.</summary>
internal sealed class Window
{
    private readonly long[] _kernel;
    private readonly long[] _strides;
    private readonly long[] _dilations;
    private readonly long[] _pads;
    private readonly bool _isSame;
    private readonly bool _isCeiling;

    private Window(long[] kernel, long[] strides, long[] dilations, long[] pads, bool isSame, bool isCeiling)
    {
        _kernel = kernel;
        _strides = strides;
        _dilations = dilations;
        _pads = pads;
        _isSame = isSame;
        _isCeiling = isCeiling;
    }

    /// <summary>Reads a node's attributes; null, with the reason noted, where they do not fit the number of axes.</summary>
    internal static Window? Read(NodeInference node, int axes, long[]? kernel)
    {
        if (kernel is null)
        {
            node.Unknown("the size of its window is not known");
            return null;
        }
        long[] strides = node.Ints("strides") ?? Repeat(1, axes);
        long[] dilations = node.Ints("dilations") ?? Repeat(1, axes);
        string mode = node.Text("auto_pad", "NOTSET");
        long[] pads = (mode is "NOTSET" or "" ? node.Ints("pads") : null) ?? Repeat(0, 2 * axes);
        if (kernel.Length != axes || strides.Length != axes || dilations.Length != axes || pads.Length != 2 * axes)
        {
            node.Unknown($"its window does not fit {axes} axes");
            return null;
        }
        if (strides.Any(IsAbsurd) || dilations.Any(IsAbsurd) || kernel.Any(IsAbsurd) || pads.Any(pad => Math.Abs((double)pad) > int.MaxValue))
        {
            node.Unknown("sizes, strides or dilations of its window are not positive numbers");
            return null;
        }
        return new Window(kernel, strides, dilations, pads, mode.StartsWith("SAME", StringComparison.Ordinal), mode is "NOTSET" or "" && node.Int("ceil_mode", 0) != 0);
    }

    /// <summary>How many positions the window takes on an axis.</summary>
    internal SizeExpression? Positions(SizeExpression? size, int axis)
    {
        SizeExpression stride = SizeExpression.Of(_strides[axis]);
        if (_isSame)
        {
            return SizeExpression.CeilDivide(size, stride);
        }
        long before = _pads[axis];
        SizeExpression? room = SizeExpression.Add(size, SizeExpression.Of(before + _pads[axis + _kernel.Length] - Extent(axis)));
        if (!_isCeiling)
        {
            return SizeExpression.Add(SizeExpression.FloorDivide(room, stride), SizeExpression.One);
        }
        // A window that would begin in the padding at the end is not counted.
        SizeExpression? starts = SizeExpression.CeilDivide(SizeExpression.Add(size, SizeExpression.Of(before)), stride);
        return SizeExpression.Min(SizeExpression.Add(SizeExpression.CeilDivide(room, stride), SizeExpression.One), starts);
    }

    /// <summary>The size of the axis from which that many positions come.</summary>
    internal SizeExpression? Transposed(SizeExpression? positions, int axis, long extra)
    {
        SizeExpression stride = SizeExpression.Of(_strides[axis]);
        return _isSame
            ? SizeExpression.Multiply(positions, stride)
            : SizeExpression.Add(
                SizeExpression.Multiply(SizeExpression.Subtract(positions, SizeExpression.One), stride),
                SizeExpression.Of(extra + Extent(axis) - _pads[axis] - _pads[axis + _kernel.Length]));
    }

    private long Extent(int axis) => ((_kernel[axis] - 1) * _dilations[axis]) + 1;

    private static bool IsAbsurd(long value) => value is < 1 or > int.MaxValue;

    private static long[] Repeat(long value, int count)
    {
        long[] values = new long[count];
        Array.Fill(values, value);
        return values;
    }
}
