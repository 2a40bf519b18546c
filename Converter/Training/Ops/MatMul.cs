using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>NumPy's matmul (matrices in the last two axes, the others broadcast) and Einstein's sums.</summary>
internal static class MatMul
{
    private static readonly Operator Operator = new("aten::matmul");
    private static readonly Operator EinsumOperator = new("aten::einsum");

    public static Kernel Compile(NodeContext node) => static frame => frame.Output(Operator.Call(frame.Input(0), frame.Input(1)));

    /// <summary>Products of whole numbers less their zero points, summed in int32.</summary>
    public static Kernel Integers(NodeContext node) => static frame =>
    {
        Tensor a = Centred(frame, 0, 2, isColumn: true);
        Tensor b = Centred(frame, 1, 3, isColumn: false);
        frame.Output(frame.To(frame.MatMul(a, b), DataType.Int32));
    };

    /// <summary>Quantized factors to a quantized product, computed as real numbers.</summary>
    public static Kernel Quantized(NodeContext node)
    {
        IntegerRange range = IntegerRange.Of(node, node.InputType(7));
        return frame =>
        {
            Tensor a = frame.Multiply(Centred(frame, 0, 2, isColumn: true), Column(frame, frame.To(frame.Input(1), DataType.Float64)));
            Tensor b = frame.Multiply(Centred(frame, 3, 5, isColumn: false), frame.To(frame.Input(4), DataType.Float64));
            Tensor product = frame.Divide(frame.MatMul(a, b), frame.To(frame.Input(6), DataType.Float64));
            frame.Output(Quantization.Store(frame, frame.Round(product), frame.Input(7), range));
        };
    }

    public static Kernel Einsum(NodeContext node)
    {
        string equation = node.Attributes.GetString("equation", "").Replace(" ", "", StringComparison.Ordinal);
        return frame =>
        {
            var parts = new Tensor?[frame.InputCount];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = frame.Input(i);
            }
            frame.Output(EinsumOperator.Call(equation, parts));
        };
    }

    // Sums of products of bytes are exact in float64, whose product is a fast one.
    private static Tensor Centred(KernelFrame frame, int input, int zeroPoint, bool isColumn)
    {
        Tensor wide = frame.To(frame.Input(input), DataType.Float64);
        if (frame.OptionalInput(zeroPoint) is not { } zero)
        {
            return wide;
        }
        Tensor offset = frame.To(zero, DataType.Float64);
        return frame.Subtract(wide, isColumn ? Column(frame, offset) : offset);
    }

    /// <summary>One number for each row.</summary>
    private static Tensor Column(KernelFrame frame, Tensor numbers) => numbers.Rank == 1 && numbers.Length > 1 ? frame.Unsqueeze(numbers, -1) : numbers;
}
