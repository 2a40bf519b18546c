using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// Silences a random share of the elements while training and scales the others up; the identity otherwise. A model that was
/// exported for inference says training_mode = false: the engine's own mode counts.
/// </summary>
internal static class Dropout
{
    private static readonly Operator Operator = new("aten::dropout");

    public static Kernel CompileAttribute(NodeContext node)
    {
        node.RequireOneOutput();
        double ratio = node.Attributes.GetFloat("ratio", 0.5f);
        return frame => Run(frame, ratio);
    }

    public static Kernel CompileInput(NodeContext node)
    {
        node.RequireOneOutput();
        return static frame => Run(frame, frame is { IsTraining: true } && frame.OptionalInput(1) is { } ratio ? ratio.Item() : 0.5);
    }

    private static void Run(KernelFrame frame, double ratio) =>
        frame.Output(frame.IsTraining ? Operator.Call(frame.Input(0), ratio, true) : frame.Input(0).Share());
}
