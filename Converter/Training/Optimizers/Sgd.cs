using Edge.Torch;

namespace Edge.Training.Optimizers;

/// <summary>Stochastic gradient descent, with momentum where asked.</summary>
internal sealed class Sgd : Optimizer
{
    private readonly SgdOptions _options;

    public Sgd(SgdOptions options, IReadOnlyList<Parameter> parameters)
    {
        _options = options;
        Set = new ParameterSet(Values(parameters), options.Momentum > 0 ? AddMoments("m", parameters) : null);
    }

    public override void Step(double learningRate) =>
        Set.StepSgd(++StepCount, learningRate, _options.Momentum, _options.Nesterov, _options.WeightDecay);
}
