namespace Edge.Training.Optimizers;

/// <summary>Adam and AdamW.</summary>
internal sealed class Adam(AdamOptions options, IReadOnlyList<Parameter> parameters)
    : Optimizer(options, parameters, hasFirst: true, hasSecond: true)
{
    public override void Step(double learningRate) =>
        Set.StepAdam(++StepCount, learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay, options.IsDecoupled);
}
