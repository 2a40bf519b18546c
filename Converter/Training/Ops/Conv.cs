using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Convolution over 1 to 3 axes, with groups, dilation and any padding: [N,C,…] and [M,C/groups,…] to [N,M,…].</summary>
internal static class Conv
{
    private static readonly Operator Convolution = new("aten::convolution");

    public static Kernel Compile(NodeContext node)
    {
        var window = new Window(node);
        long groups = node.Attributes.GetInt("group", 1);
        return frame => frame.Output(Run(frame, window, groups, frame.Input(0), frame.Input(1), frame.OptionalInput(2)));
    }

    /// <summary>Whole numbers less their zero points, summed in int32.</summary>
    public static Kernel Integers(NodeContext node)
    {
        var window = new Window(node);
        long groups = node.Attributes.GetInt("group", 1);
        return frame => frame.Output(frame.To(
            Run(frame, window, groups, Centred(frame, 0, 2), Centred(frame, 1, 3), null), DataType.Int32));
    }

    /// <summary>Quantized input and filter to a quantized output, computed as real numbers.</summary>
    public static Kernel Quantized(NodeContext node)
    {
        var window = new Window(node);
        long groups = node.Attributes.GetInt("group", 1);
        IntegerRange range = IntegerRange.Of(node, node.InputType(7));
        return frame =>
        {
            Tensor? bias = frame.OptionalInput(8) is { } given ? frame.To(given, DataType.Float64) : null;
            Tensor sum = Run(frame, window, groups, Centred(frame, 0, 2), Centred(frame, 3, 5), bias);
            Tensor scale = frame.Divide(
                frame.Multiply(frame.To(frame.Input(1), DataType.Float64), PerChannel(frame, frame.To(frame.Input(4), DataType.Float64), sum.Rank - 1)),
                frame.To(frame.Input(6), DataType.Float64));
            frame.Output(Quantization.Store(frame, frame.Round(frame.Multiply(sum, scale)), frame.Input(7), range));
        };
    }

    public static Tensor Run(KernelFrame frame, Window window, long groups, Tensor input, Tensor weight, Tensor? bias)
    {
        long[] spatial = Window.Spatial(input.Shape);
        int axes = spatial.Length;
        long[] pads = window.Pads(spatial, weight.Shape.AsSpan(2));
        long[] none = Window.Filled(axes, 0);
        bool symmetric = Window.IsSymmetric(pads);
        Tensor padded = symmetric ? input : frame.Pad(input, Window.ToTorchOrder(pads), 0);
        return frame.Run(
            Convolution, padded, weight, bias, window.Strides(axes), symmetric ? pads[..axes] : none, window.Dilations(axes), false, none, groups);
    }

    // Sums of products of bytes are exact in float64.
    private static Tensor Centred(KernelFrame frame, int input, int zeroPoint)
    {
        Tensor wide = frame.To(frame.Input(input), DataType.Float64);
        return frame.OptionalInput(zeroPoint) is { } zero
            ? frame.Subtract(wide, PerChannel(frame, frame.To(zero, DataType.Float64), wide.Rank))
            : wide;
    }

    /// <summary>One number for each filter, in a shape that broadcasts with what is behind the first axis.</summary>
    private static Tensor PerChannel(KernelFrame frame, Tensor numbers, int rank)
    {
        if (numbers.Length == 1)
        {
            return frame.Reshape(numbers);
        }
        long[] shape = new long[rank];
        Array.Fill(shape, 1);
        shape[0] = numbers.Length;
        return frame.Reshape(numbers, shape);
    }
}
