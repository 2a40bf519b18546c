using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Losses of classification over [N,C,…] and labels [N,…].</summary>
internal static class Losses
{
    private static readonly Operator LogSoftmax = new("aten::log_softmax", "int");
    private static readonly Operator NegativeLogLikelihoodOperator = new("aten::nll_loss_nd");

    public static Kernel NegativeLogLikelihood(NodeContext node)
    {
        (long reduction, long ignored) = Settings(node);
        return frame => frame.Output(Loss(frame, frame.Input(0), reduction, ignored));
    }

    public static Kernel SoftmaxCrossEntropy(NodeContext node)
    {
        (long reduction, long ignored) = Settings(node);
        return frame =>
        {
            Tensor logarithms = frame.Run(LogSoftmax, frame.Input(0), 1);
            Tensor loss = Loss(frame, logarithms, reduction, ignored);
            frame.Output(loss);
            frame.Output(logarithms, 1);
        };
    }

    private static (long Reduction, long Ignored) Settings(NodeContext node)
    {
        long reduction = node.Attributes.GetString("reduction", "mean") switch
        {
            "none" => 0,
            "mean" => 1,
            "sum" => 2,
            string other => throw node.Unsupported($"reduction '{other}' is not one of none, mean, sum"),
        };
        // No label is as small as that.
        return (reduction, node.Attributes.GetInt("ignore_index", long.MinValue));
    }

    private static Tensor Loss(KernelFrame frame, Tensor logarithms, long reduction, long ignored)
    {
        Tensor labels = frame.Input(1);
        Tensor wide = labels.Type == DataType.Int64 ? labels : frame.To(labels, DataType.Int64);
        return frame.Run(NegativeLogLikelihoodOperator, logarithms, wide, frame.OptionalInput(2), reduction, ignored);
    }
}
