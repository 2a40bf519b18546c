using Edge.Torch;

namespace Edge.Training.Optimizers;

/// <summary>Adam and AdamW.</summary>
internal sealed class Adam : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly bool _isDecoupled;

    public Adam(IReadOnlyList<Parameter> parameters, double beta1, double beta2, double epsilon, double weightDecay, bool isDecoupled)
    {
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _weightDecay = weightDecay;
        _isDecoupled = isDecoupled;
        Set = new ParameterSet(Values(parameters), AddMoments("m", parameters), AddMoments("v", parameters));
    }

    public override void Step(double learningRate) =>
        Set.StepAdam(++StepCount, learningRate, _beta1, _beta2, _epsilon, _weightDecay, _isDecoupled);
}
