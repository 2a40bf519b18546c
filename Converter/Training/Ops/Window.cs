namespace Edge.Training.Ops;

/// <summary>How a convolution or pool slides: the attributes that both share.</summary>
internal sealed class Window
{
    private readonly NodeContext _node;
    private readonly string _autoPad;
    private readonly long[]? _strides;
    private readonly long[]? _dilations;
    private readonly long[]? _pads;
    private readonly bool _roundsUp;

    public Window(NodeContext node)
    {
        _node = node;
        _autoPad = node.Attributes.GetString("auto_pad", "NOTSET");
        _strides = node.Attributes.GetInts("strides", null);
        _dilations = node.Attributes.GetInts("dilations", null);
        _pads = node.Attributes.GetInts("pads", null);
        _roundsUp = node.Attributes.GetInt("ceil_mode", 0) != 0;
        if (_autoPad is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER"))
        {
            throw node.Unsupported($"auto_pad '{_autoPad}' is not one of NOTSET, VALID, SAME_UPPER, SAME_LOWER");
        }
    }

    public long[] Strides(int axes) => Checked("strides", _strides ?? Filled(axes, 1), axes, least: 1);

    public long[] Dilations(int axes) => Checked("dilations", _dilations ?? Filled(axes, 1), axes, least: 1);

    /// <summary>Padding at the begin of every axis, then at the end of every axis, for an input of the given size.</summary>
    public long[] Pads(ReadOnlySpan<long> input, ReadOnlySpan<long> kernel)
    {
        int axes = kernel.Length;
        if (_autoPad == "NOTSET")
        {
            return Checked("pads", _pads ?? Filled(2 * axes, 0), 2 * axes, least: 0);
        }
        long[] pads = new long[2 * axes];
        if (_autoPad == "VALID")
        {
            return pads;
        }
        long[] strides = Strides(axes);
        long[] dilations = Dilations(axes);
        for (int i = 0; i < axes; i++)
        {
            long outputs = (input[i] + strides[i] - 1) / strides[i];
            long all = Math.Max(0, ((outputs - 1) * strides[i]) + ((kernel[i] - 1) * dilations[i]) + 1 - input[i]);
            long smaller = all / 2;
            pads[i] = _autoPad == "SAME_UPPER" ? smaller : all - smaller;
            pads[axes + i] = all - pads[i];
        }
        return pads;
    }

    /// <summary>Where the windows of a pool lie; the last one begins inside the input or the padding before it.</summary>
    public PoolWindow Place(ReadOnlySpan<long> input, ReadOnlySpan<long> kernel)
    {
        int axes = kernel.Length;
        long[] strides = Strides(axes);
        long[] dilations = Dilations(axes);
        long[] declared = Pads(input, kernel);
        long[] pads = [.. declared];
        for (int i = 0; i < axes; i++)
        {
            long length = ((kernel[i] - 1) * dilations[i]) + 1;
            long room = input[i] + declared[i] + declared[axes + i] - length;
            long windows = (_roundsUp ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
            if (_roundsUp && (windows - 1) * strides[i] >= input[i] + declared[i])
            {
                windows--;
            }
            pads[axes + i] = ((windows - 1) * strides[i]) + length - input[i] - declared[i];
        }
        return new PoolWindow(strides, dilations, declared, pads, _roundsUp);
    }

    /// <summary>The size of the input behind the batch and channel axes.</summary>
    public static long[] Spatial(long[] shape) =>
        shape.Length is >= 3 and <= 5
            ? shape[2..]
            : throw new ArgumentException($"an input of {shape.Length} dimensions is none of [N,C,L], [N,C,H,W], [N,C,D,H,W]");

    /// <summary>Whether begin and end of every axis are padded alike.</summary>
    public static bool IsSymmetric(long[] pads) => pads.AsSpan(0, pads.Length / 2).SequenceEqual(pads.AsSpan(pads.Length / 2));

    /// <summary>ONNX's order (all begins, all ends) to libtorch's (begin and end of the last axis first).</summary>
    public static long[] ToTorchOrder(ReadOnlySpan<long> pads)
    {
        int axes = pads.Length / 2;
        long[] result = new long[pads.Length];
        for (int i = 0; i < axes; i++)
        {
            result[2 * i] = pads[axes - 1 - i];
            result[(2 * i) + 1] = pads[(2 * axes) - 1 - i];
        }
        return result;
    }

    public static long[] Filled(int length, long value)
    {
        long[] result = new long[length];
        Array.Fill(result, value);
        return result;
    }

    private long[] Checked(string name, long[] values, int length, long least)
    {
        if (values.Length != length || Array.Exists(values, value => value < least))
        {
            throw _node.Unsupported($"{name} [{string.Join(',', values)}] should be {length} numbers of at least {least}");
        }
        return values;
    }
}
