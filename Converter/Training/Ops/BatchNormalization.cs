using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// Normalises each channel (Ioffe and Szegedy 2015). While training by the batch's statistics, which also move the running
/// ones: <c>running = momentum·running + (1 − momentum)·batch</c>, with the unbiased variance, as libtorch does it. A node that
/// gives the moved statistics out computes them as ONNX says, with the biased variance, and changes nothing.
/// </summary>
internal static class BatchNormalization
{
    private static readonly Operator Normalise = new("aten::batch_norm");
    private static readonly Operator Variance = new("aten::var", "correction");

    public static Kernel Compile(NodeContext node)
    {
        if (node.Attributes.GetInt("spatial", 1) == 0)
        {
            throw node.Unsupported("ONNX allows spatial = 0 (statistics for every pixel) before opset 9; the training engine does not execute it");
        }
        double epsilon = node.Attributes.GetFloat("epsilon", 1e-5f);
        double momentum = node.Attributes.GetFloat("momentum", 0.9f);
        if (node.Opset >= 14 && node.Attributes.GetInt("training_mode", 0) != 0 && (node.IsOutputUsed(1) || node.IsOutputUsed(2)))
        {
            return frame => RunAndGiveStatistics(frame, epsilon, momentum);
        }
        node.RequireOneOutput();
        return frame => frame.Output(Normalise.Call(
            frame.Input(0), frame.Input(1), frame.Input(2), frame.Input(3), frame.Input(4), frame.IsTraining && !node.FreezesStatistics, 1 - momentum, epsilon, true));
    }

    private static void RunAndGiveStatistics(KernelFrame frame, double epsilon, double momentum)
    {
        Tensor x = frame.Input(0);
        long[] axes = [0, .. Reduction.AllAxes(x.Rank, 2)];
        Tensor mean = frame.Mean(x, axes, false);
        Tensor variance = frame.Run(Variance, x, axes, 0, false);
        frame.Output(Normalise.Call(x, frame.Input(1), frame.Input(2), Argument.None, Argument.None, true, 0, epsilon, true));
        frame.Output(Moved(frame.Input(3), mean), 1);
        frame.Output(Moved(frame.Input(4), variance), 2);

        Tensor Moved(Tensor running, Tensor batch) => frame.Add(frame.Multiply(running, momentum), frame.Multiply(batch, 1 - momentum));
    }
}
