namespace Edge.Training.Optimizers;

/// <summary>RMSprop, with momentum where asked.</summary>
internal sealed class RmsProp(RmsPropOptions options, IReadOnlyList<Parameter> parameters)
    : Optimizer(options, parameters, hasFirst: options.Momentum > 0, hasSecond: true)
{
    public override void Step(double learningRate)
    {
        StepCount++;
        Set.StepRmsProp(learningRate, options.Smoothing, options.Epsilon, options.Momentum, options.WeightDecay);
    }
}
