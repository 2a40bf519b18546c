using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Functions of one tensor without attributes.</summary>
internal static class Unary
{
    public static Kernel Abs(NodeContext node) => Of("aten::abs");

    public static Kernel Exp(NodeContext node) => Of("aten::exp");

    /// <summary>x · max(0, min(1, x/6 + 1/2)).</summary>
    public static Kernel HardSwish(NodeContext node) => Of("aten::hardswish");

    public static Kernel Log(NodeContext node) => Of("aten::log");

    public static Kernel Negate(NodeContext node) => Of("aten::neg");

    public static Kernel Relu(NodeContext node) => Of(node.MayOverwriteInput ? "aten::relu_" : "aten::relu");

    public static Kernel Sigmoid(NodeContext node) => Of("aten::sigmoid");

    public static Kernel Softplus(NodeContext node)
    {
        // Beyond the threshold libtorch returns x itself; at 88 float32 cannot tell the difference.
        var op = new Operator("aten::softplus");
        return frame => frame.Output(op.Call(frame.Input(0), 1, 88));
    }

    public static Kernel SquareRoot(NodeContext node) => Of("aten::sqrt");

    public static Kernel Tanh(NodeContext node) => Of("aten::tanh");

    private static Kernel Of(string name)
    {
        var op = new Operator(name);
        return frame => frame.Output(op.Call(frame.Input(0)));
    }
}
