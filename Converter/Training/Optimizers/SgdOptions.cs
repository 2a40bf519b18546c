namespace Edge.Training.Optimizers;

/// <summary>Stochastic gradient descent.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 0.05;

    /// <summary>How much of the last move goes on, from 0 to less than 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Looks one step ahead.</summary>
    public bool Nesterov { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Momentum is >= 0 and < 1, $"the momentum is {Momentum}: use 0 to less than 1");
        Check(!Nesterov || Momentum > 0, "Nesterov needs a momentum above 0");
    }

    internal override Optimizer Create(IReadOnlyList<Parameter> parameters) => new Sgd(this, parameters);
}
