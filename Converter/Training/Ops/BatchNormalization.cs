using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// Normalises each channel (Ioffe and Szegedy 2015). While training by the batch's statistics, which also move the running
/// ones: <c>running = momentum·running + (1 − momentum)·batch</c>, with the unbiased variance, as libtorch does it.
/// </summary>
internal static class BatchNormalization
{
    private static readonly Operator Normalise = new("aten::batch_norm");

    public static Kernel Compile(NodeContext node)
    {
        node.RequireOneOutput();
        if (node.Attributes.GetInt("spatial", 1) == 0)
        {
            throw node.Unsupported("spatial = 0 (statistics for every pixel) is not implemented");
        }
        double epsilon = node.Attributes.GetFloat("epsilon", 1e-5f);
        double momentum = node.Attributes.GetFloat("momentum", 0.9f);
        return frame => frame.Output(Normalise.Call(
            frame.Input(0), frame.Input(1), frame.Input(2), frame.Input(3), frame.Input(4), frame.IsTraining && !node.FreezesStatistics, 1 - momentum, epsilon, true));
    }
}
