using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>max(0, min(1, αx + β)).</summary>
internal static class HardSigmoid
{
    private static readonly Operator Multiply = new("aten::mul", "Scalar");
    private static readonly Operator Add = new("aten::add", "Scalar");
    private static readonly Operator Clamp = new("aten::clamp");

    public static Kernel Compile(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 0.2f);
        double beta = node.Attributes.GetFloat("beta", 0.5f);
        return frame =>
        {
            using Tensor scaled = Multiply.Call(frame.Input(0), alpha);
            using Tensor moved = Add.Call(scaled, beta);
            frame.Output(Clamp.Call(moved, 0, 1));
        };
    }
}
