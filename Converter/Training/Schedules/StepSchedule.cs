namespace Edge.Training.Schedules;

/// <summary>Multiplies the rate by a factor every few epochs.</summary>
public sealed record StepSchedule : Schedule
{
    /// <inheritdoc/>
    public override string Name => "step";

    /// <summary>Epochs between two changes.</summary>
    public int Every { get; init; } = 10;

    /// <summary>What the rate is multiplied by, above 0 and at most 1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Every >= 1, $"the schedule's step comes every {Every} epochs: use 1 or more");
        Check(Gamma is > 0 and <= 1, $"the schedule's factor is {Gamma}: use a number above 0 and at most 1");
    }

    /// <inheritdoc/>
    protected override double Shape(in ScheduleMoment moment) => Math.Pow(Gamma, moment.Epoch / Every);
}
