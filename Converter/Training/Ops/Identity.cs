namespace Edge.Training.Ops;

/// <summary>The input itself.</summary>
internal static class Identity
{
    public static Kernel Compile(NodeContext node) => static frame => frame.Output(frame.Input(0).Share());
}
