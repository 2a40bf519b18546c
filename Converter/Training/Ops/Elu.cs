using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>x for x ≥ 0, α(eˣ − 1) below.</summary>
internal static class Elu
{
    private static readonly Operator Operator = new("aten::elu");

    public static Kernel Compile(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1);
        return frame => frame.Output(Operator.Call(frame.Input(0), alpha));
    }
}
