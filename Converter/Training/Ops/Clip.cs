using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Limits from below and above; a limit left out does not limit.</summary>
internal static class Clip
{
    private static readonly Operator ByNumbers = new("aten::clamp");
    private static readonly Operator ByTensors = new("aten::clamp", "Tensor");

    // The same as clamp, with one kernel for the gradient instead of several.
    private static readonly Operator BetweenNumbers = new("aten::hardtanh");

    public static Kernel CompileAttributes(NodeContext node) =>
        Between(node.Attributes.GetFloat("min", float.MinValue), node.Attributes.GetFloat("max", float.MaxValue));

    public static Kernel CompileInputs(NodeContext node)
    {
        if (!node.HasInput(1) && !node.HasInput(2))
        {
            return Unary.Identity(node);
        }
        if (node.ConstantNumber(1) is { } least && node.ConstantNumber(2) is { } most && least <= most)
        {
            return Between(least, most);
        }
        return static frame =>
        {
            Tensor x = frame.Input(0);
            Tensor result = frame.Run(ByTensors, x, frame.OptionalInput(1), frame.OptionalInput(2));
            frame.Output(result.Type == x.Type ? result : frame.To(result, x.Type));
        };
    }

    private static Kernel Between(double least, double most) => frame =>
    {
        Tensor x = frame.Input(0);
        frame.Output(x.Type.IsFloatingPoint() ? BetweenNumbers.Call(x, least, most) : frame.To(frame.Run(ByNumbers, x, least, most), x.Type));
    };
}
