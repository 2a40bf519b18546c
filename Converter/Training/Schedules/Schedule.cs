namespace Edge.Training.Schedules;

/// <summary>How the learning rate changes: a pure function of how far training is.</summary>
public abstract record Schedule
{
    /// <summary>The names of all schedules.</summary>
    public static IReadOnlyList<string> Names { get; } = ["constant", "step", "cosine", "one-cycle", "plateau"];

    /// <summary>The name that the user gives.</summary>
    public abstract string Name { get; }

    /// <summary>Epochs over which the rate rises in a straight line from 0; 0 for none.</summary>
    public double Warmup { get; init; }

    /// <summary>Schedules by name, with their defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="TrainingException">There is no such schedule.</exception>
    public static Schedule Parse(string name) => name switch
    {
        "constant" => new ConstantSchedule(),
        "step" => new StepSchedule(),
        "cosine" => new CosineSchedule(),
        "one-cycle" => new OneCycleSchedule(),
        "plateau" => new PlateauSchedule(),
        _ => throw new TrainingException($"schedule '{name}' is unknown: use {string.Join(", ", Names.SkipLast(1))} or {Names[^1]}"),
    };

    /// <summary>What multiplies the learning rate in a step, from 0 to 1.</summary>
    /// <param name="moment">Where training is.</param>
    public double Factor(in ScheduleMoment moment)
    {
        double warm = Warmup * moment.StepsPerEpoch;
        return Shape(moment) * (warm > 0 ? Math.Min(1, (moment.Step + 1) / warm) : 1);
    }

    /// <summary>Lets settings pass that make sense.</summary>
    /// <exception cref="TrainingException">One of them does not; the message names it.</exception>
    public virtual void Validate() => Check(Warmup is >= 0 and <= 1000, $"the warm-up is {Warmup} epochs: use 0 to 1000");

    /// <summary>The factor without warm-up.</summary>
    /// <param name="moment">Where training is.</param>
    protected abstract double Shape(in ScheduleMoment moment);

    private protected static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new TrainingException(message);
        }
    }
}
