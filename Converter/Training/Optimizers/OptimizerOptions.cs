namespace Edge.Training.Optimizers;

/// <summary>Which optimizer, and how it is set.</summary>
public abstract record OptimizerOptions
{
    /// <summary>The name that the user gives and a checkpoint remembers.</summary>
    public abstract string Name { get; }

    /// <summary>The learning rate at full height; a schedule may lower it.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>Pulls weights towards zero, from 0 (not at all).</summary>
    public double WeightDecay { get; init; }

    /// <summary>Optimizers by name, with their defaults.</summary>
    /// <param name="name"><c>sgd</c>, <c>adam</c> or <c>adamw</c>.</param>
    /// <exception cref="TrainingException">There is no such optimizer.</exception>
    public static OptimizerOptions Parse(string name) => name switch
    {
        "sgd" => new SgdOptions(),
        "adam" => new AdamOptions(),
        "adamw" => new AdamWOptions(),
        _ => throw new TrainingException($"optimizer '{name}' is unknown: use sgd, adam or adamw"),
    };

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="TrainingException">One of them does not; the message names it.</exception>
    public virtual void Validate()
    {
        Check(LearningRate is > 0 and <= 1000, $"the learning rate is {LearningRate}: use a number above 0");
        Check(WeightDecay is >= 0 and < 1, $"the weight decay is {WeightDecay}: use 0 to less than 1");
    }

    internal abstract Optimizer Create(IReadOnlyList<Parameter> parameters);

    private protected static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new TrainingException(message);
        }
    }
}
