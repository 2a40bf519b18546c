namespace Edge.Training.Optimizers;

/// <summary>Which optimizer, and how it is set.</summary>
public abstract record OptimizerOptions
{
    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sgd", "adam", "adamw", "rmsprop"];

    /// <summary>The name that the user gives and a checkpoint remembers.</summary>
    public abstract string Name { get; }

    /// <summary>The learning rate at full height; a schedule may lower it.</summary>
    public abstract double LearningRate { get; init; }

    /// <summary>Pulls weights towards zero, from 0 (not at all).</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether weight decay also pulls at parameters of one dimension: biases, and scales and shifts of normalisations.</summary>
    public bool DecayBiasesAndNorms { get; init; } = true;

    /// <summary>Weights that learn slower or faster than the others; the first group whose pattern fits a weight counts.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>Optimizers by name, with their defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="TrainingException">There is no such optimizer.</exception>
    public static OptimizerOptions Parse(string name) => name switch
    {
        "sgd" => new SgdOptions(),
        "adam" => new AdamOptions(),
        "adamw" => new AdamOptions { IsDecoupled = true, WeightDecay = 0.01 },
        "rmsprop" => new RmsPropOptions(),
        _ => throw new TrainingException($"optimizer '{name}' is unknown: use {string.Join(", ", Names.SkipLast(1))} or {Names[^1]}"),
    };

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="TrainingException">One of them does not; the message names it.</exception>
    public virtual void Validate()
    {
        Check(LearningRate is > 0 and <= 1000, $"the learning rate is {LearningRate}: use a number above 0");
        Check(WeightDecay is >= 0 and < 1, $"the weight decay is {WeightDecay}: use 0 to less than 1");
        foreach (ParameterGroup group in Groups)
        {
            Check(group.Match.Length > 0, "a parameter group has no pattern: give one such as conv1/*");
            Check(group.Rate is >= 0 and <= 1000, $"the rate of group '{group.Match}' is {group.Rate}: use 0 to 1000");
            Check(group.Decay is >= 0 and <= 1000, $"the decay of group '{group.Match}' is {group.Decay}: use 0 to 1000");
        }
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
