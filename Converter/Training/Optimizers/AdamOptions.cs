namespace Edge.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015), whose weight decay is an L2 penalty on the gradient; decoupled from the gradient it is AdamW
/// (Loshchilov and Hutter 2019).
/// </summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Name => IsDecoupled ? "adamw" : "adam";

    /// <inheritdoc/>
    public override double LearningRate { get; init; } = 1e-3;

    /// <summary>Whether weight decay shrinks the weight itself: AdamW.</summary>
    public bool IsDecoupled { get; init; }

    /// <summary>Decay of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean of squared gradients.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Keeps the division from exploding.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Beta1 is >= 0 and < 1, $"beta 1 is {Beta1}: use 0 to less than 1");
        Check(Beta2 is >= 0 and < 1, $"beta 2 is {Beta2}: use 0 to less than 1");
        Check(Epsilon > 0, $"epsilon is {Epsilon}: use a number above 0");
    }

    internal override Optimizer Create(IReadOnlyList<Parameter> parameters) => new Adam(this, parameters);
}
