namespace Edge.Training.Optimizers;

/// <summary>Stochastic gradient descent, with momentum where asked.</summary>
internal sealed class Sgd(SgdOptions options, IReadOnlyList<Parameter> parameters)
    : Optimizer(options, parameters, hasFirst: options.Momentum > 0, hasSecond: false)
{
    public override void Step(double learningRate) =>
        Set.StepSgd(++StepCount, learningRate, options.Momentum, options.Nesterov, options.WeightDecay);
}
