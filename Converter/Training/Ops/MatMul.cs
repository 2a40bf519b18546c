using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>NumPy's matmul: matrices in the last two axes, the others broadcast.</summary>
internal static class MatMul
{
    private static readonly Operator Operator = new("aten::matmul");

    public static Kernel Compile(NodeContext node) => static frame => frame.Output(Operator.Call(frame.Input(0), frame.Input(1)));
}
