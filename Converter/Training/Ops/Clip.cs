using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Limits from below and above; a limit left out does not limit.</summary>
internal static class Clip
{
    private static readonly Operator ByNumbers = new("aten::clamp");
    private static readonly Operator ByTensors = new("aten::clamp", "Tensor");

    public static Kernel CompileAttributes(NodeContext node)
    {
        double least = node.Attributes.GetFloat("min", float.MinValue);
        double most = node.Attributes.GetFloat("max", float.MaxValue);
        return frame => frame.Output(ByNumbers.Call(frame.Input(0), least, most));
    }

    public static Kernel CompileInputs(NodeContext node)
    {
        if (!node.HasInput(1) && !node.HasInput(2))
        {
            return static frame => frame.Output(frame.Input(0).Share());
        }
        return static frame => frame.Output(frame.Input(0).Type == DataType.Float32
            ? ByTensors.Call(frame.Input(0), frame.OptionalInput(1), frame.OptionalInput(2))
            : frame.To(frame.Run(ByTensors, frame.Input(0), frame.OptionalInput(1), frame.OptionalInput(2)), frame.Input(0).Type));
    }
}
