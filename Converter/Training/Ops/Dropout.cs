using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// Silences a random share of the elements while training and scales the others up; the identity otherwise. A model that was
/// exported for inference says training_mode = false: the engine's own mode counts.
/// </summary>
internal static class Dropout
{
    private static readonly Operator Operator = new("aten::dropout");
    private static readonly Operator WithMask = new("aten::native_dropout");

    public static Kernel CompileAttribute(NodeContext node)
    {
        double ratio = node.Attributes.GetFloat("ratio", 0.5f);
        bool wantsMask = node.IsOutputUsed(1);
        DataType? maskType = node.Opset < 10 ? null : DataType.Bool;
        return frame => Run(frame, ratio, wantsMask, maskType);
    }

    public static Kernel CompileInput(NodeContext node)
    {
        bool wantsMask = node.IsOutputUsed(1);
        return frame => Run(
            frame, frame is { IsTraining: true } && frame.OptionalInput(1) is { } ratio ? frame.To(ratio, DataType.Float32).Item() : 0.5, wantsMask, DataType.Bool);
    }

    private static void Run(KernelFrame frame, double ratio, bool wantsMask, DataType? maskType)
    {
        Tensor x = frame.Input(0);
        if (!wantsMask)
        {
            frame.Output(frame.IsTraining ? Operator.Call(x, ratio, true) : x.Share());
            return;
        }
        if (!frame.IsTraining)
        {
            frame.Output(x.Share());
            frame.Output(frame.To(frame.OnesLike(x), maskType ?? x.Type), 1);
            return;
        }
        Tensor?[] results = WithMask.CallAll(2, x, ratio, true);
        frame.Output(results[0]!);
        frame.Output(frame.To(frame.Hold(results[1]!), maskType ?? x.Type), 1);
    }
}
