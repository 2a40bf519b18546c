using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear: with one scale, one for each slice of an axis, or one for each
/// block along an axis. While gradients are recorded, quantized values stay real numbers that happen to be whole, and the
/// rounding hands gradients straight through (Bengio et al. 2013); what is clamped gets none, scales get theirs (LSQ, Esser
/// et al. 2020).
/// </summary>
internal static class Quantization
{
    private static readonly Operator RepeatInterleave = new("aten::repeat_interleave", "self_int");

    public static Kernel Quantize(NodeContext node)
    {
        var named = (ElementType)node.Attributes.GetInt("output_dtype", 0);
        ElementType? type = node.HasInput(2) ? node.InputType(2) : named == ElementType.Undefined ? ElementType.UInt8 : named;
        IntegerRange range = IntegerRange.Of(node, type);
        long axis = node.Attributes.GetInt("axis", 1);
        long block = node.Attributes.GetInt("block_size", 0);
        return frame =>
        {
            Tensor x = frame.Input(0);
            Tensor scale = Spread(frame, frame.Input(1), x, axis, block);
            Tensor ratio = frame.Divide(x.Type.IsFloatingPoint() ? x : frame.To(x, scale.Type), scale);
            Tensor? zero = frame.OptionalInput(2);
            Tensor? offset = zero is null ? null : Spread(frame, zero, x, axis, block);
            if (!frame.RecordsGradients)
            {
                frame.Output(Store(frame, frame.Round(ratio), offset, range));
                return;
            }
            Tensor rounded = StraightThrough(frame, ratio);
            Tensor moved = offset is null ? rounded : frame.Add(rounded, frame.To(offset, rounded.Type));
            frame.Output(frame.Clamp(moved, range.Least, range.Most));
        };
    }

    public static Kernel Dequantize(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", 1);
        long block = node.Attributes.GetInt("block_size", 0);
        var named = (ElementType)node.Attributes.GetInt("output_dtype", 0);
        DataType? wanted = named == ElementType.Undefined ? null : TensorConversion.ToDataType(named) ?? throw node.Unsupported($"ONNX allows output_dtype {named.Text()}; the training engine does not execute it");
        return frame =>
        {
            Tensor x = frame.Input(0);
            Tensor scale = Spread(frame, frame.Input(1), x, axis, block);
            Tensor value = frame.To(x, scale.Type);
            if (frame.OptionalInput(2) is { } zero)
            {
                value = frame.Subtract(value, frame.To(Spread(frame, zero, x, axis, block), scale.Type));
            }
            Tensor result = frame.Multiply(value, scale);
            frame.Output(wanted is { } type ? frame.To(result, type) : result);
        };
    }

    /// <summary>To uint8, with scale and zero point from the smallest and largest element.</summary>
    public static Kernel Dynamic(NodeContext node)
    {
        var smallest = new Operator("aten::amin");
        var largest = new Operator("aten::amax");
        return frame =>
        {
            Tensor x = frame.Input(0);
            long[] axes = Reduction.AllAxes(x.Rank);
            Tensor least = frame.Clamp(frame.Run(smallest, x, axes, false), Argument.None, 0);
            Tensor most = frame.Clamp(frame.Run(largest, x, axes, false), 0, Argument.None);
            Tensor scale = frame.Divide(frame.Subtract(most, least), frame.Hold(Tensor.From<float>([255], [], frame.Device)));
            Tensor zero = frame.Clamp(frame.Round(frame.SubtractFrom(0, frame.Divide(least, scale))), 0, 255);
            Tensor value = frame.RecordsGradients ? StraightThrough(frame, frame.Divide(x, scale)) : frame.Round(frame.Divide(x, scale));
            Tensor y = frame.Clamp(frame.Add(value, zero), 0, 255);
            frame.Output(frame.RecordsGradients ? y : frame.To(y, DataType.UInt8));
            frame.Output(scale, 1);
            frame.Output(frame.To(zero, DataType.UInt8), 2);
        };
    }

    /// <summary>Rounded numbers moved by the zero point, clamped, and stored as whole numbers.</summary>
    public static Tensor Store(KernelFrame frame, Tensor rounded, Tensor? zeroPoint, IntegerRange range)
    {
        Tensor moved = zeroPoint is null ? rounded : frame.Add(rounded, frame.To(zeroPoint, rounded.Type));
        return frame.To(frame.Clamp(moved, range.Least, range.Most), range.Type);
    }

    /// <summary>Rounded, with the gradient of the identity. The detour is exact: a number and its nearest whole number differ exactly.</summary>
    private static Tensor StraightThrough(KernelFrame frame, Tensor ratio)
    {
        Tensor plain = frame.Hold(ratio.Detach());
        return frame.Add(ratio, frame.Subtract(frame.Round(plain), plain));
    }

    /// <summary>Scales or zero points in a shape that broadcasts with the input.</summary>
    private static Tensor Spread(KernelFrame frame, Tensor parameter, Tensor input, long axis, long block)
    {
        if (parameter.Rank == 0 || parameter.Length == 1)
        {
            return frame.Reshape(parameter);
        }
        int rank = input.Rank;
        int place = NodeContext.Axis(axis, rank);
        if (block > 0)
        {
            return frame.Slice(frame.Run(RepeatInterleave, parameter, block, place), place, 0, input.Shape[place]);
        }
        long[] shape = new long[rank];
        Array.Fill(shape, 1);
        shape[place] = parameter.Length;
        return frame.Reshape(parameter, shape);
    }
}
