using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Values that may be absent: whether one is there.</summary>
internal static class OptionalValue
{
    public static Kernel IsThere(NodeContext node) => static frame =>
        frame.Output(Tensor.From<bool>([frame.OptionalInput(0) is not null], [], frame.Device));
}
