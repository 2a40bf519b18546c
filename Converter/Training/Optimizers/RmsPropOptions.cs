namespace Edge.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton 2012); weight decay is an L2 penalty on the gradient.</summary>
public sealed record RmsPropOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public double Smoothing { get; init; } = 0.99;

    /// <summary>How much of the last move goes on, from 0 to less than 1.</summary>
    public double Momentum { get; init; }

    /// <summary>Keeps the division from exploding.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Smoothing is >= 0 and < 1, $"the smoothing is {Smoothing}: use 0 to less than 1");
        Check(Momentum is >= 0 and < 1, $"the momentum is {Momentum}: use 0 to less than 1");
        Check(Epsilon > 0, $"epsilon is {Epsilon}: use a number above 0");
    }

    internal override Optimizer Create(IReadOnlyList<Parameter> parameters) => new RmsProp(this, parameters);
}
