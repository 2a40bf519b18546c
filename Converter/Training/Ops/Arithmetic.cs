using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Element by element with NumPy's broadcasting. Integer division truncates towards zero, as ONNX asks.</summary>
internal static class Arithmetic
{
    private static readonly Operator AddOperator = new("aten::add", "Tensor");
    private static readonly Operator SubtractOperator = new("aten::sub", "Tensor");
    private static readonly Operator MultiplyOperator = new("aten::mul", "Tensor");
    private static readonly Operator DivideOperator = new("aten::div", "Tensor");
    private static readonly Operator DivideRounded = new("aten::div", "Tensor_mode");

    public static Kernel Add(NodeContext node) => Binary(AddOperator);

    public static Kernel Subtract(NodeContext node) => Binary(SubtractOperator);

    public static Kernel Multiply(NodeContext node) => Binary(MultiplyOperator);

    public static Kernel Divide(NodeContext node) => static frame =>
        frame.Output(frame.Input(0).Type.IsFloatingPoint()
            ? DivideOperator.Call(frame.Input(0), frame.Input(1))
            : DivideRounded.Call(frame.Input(0), frame.Input(1), "trunc"));

    private static Kernel Binary(Operator op) => frame => frame.Output(op.Call(frame.Input(0), frame.Input(1)));
}
