using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The upper or lower triangle of matrices, zeros elsewhere.</summary>
internal static class Trilu
{
    private static readonly Operator Upper = new("aten::triu");
    private static readonly Operator Lower = new("aten::tril");

    public static Kernel Compile(NodeContext node)
    {
        Operator op = node.Attributes.GetInt("upper", 1) != 0 ? Upper : Lower;
        return frame => frame.Output(op.Call(frame.Input(0), frame.OptionalIntegers(1) is { } diagonal ? diagonal[0] : 0));
    }
}
