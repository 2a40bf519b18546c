using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>x for x ≥ 0, αx below.</summary>
internal static class LeakyRelu
{
    private static readonly Operator Operator = new("aten::leaky_relu");

    public static Kernel Compile(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 0.01f);
        return frame => frame.Output(Operator.Call(frame.Input(0), alpha));
    }
}
