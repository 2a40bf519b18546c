namespace Edge.Training.Schedules;

/// <summary>Multiplies the rate by a factor whenever the loss has not become better for some epochs.</summary>
public sealed record PlateauSchedule : Schedule
{
    /// <inheritdoc/>
    public override string Name => "plateau";

    /// <summary>What the rate is multiplied by, above 0 and less than 1.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Epochs without a better loss that are waited for.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>The least factor.</summary>
    public double Final { get; init; } = 1e-4;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Gamma is > 0 and < 1, $"the schedule's factor is {Gamma}: use a number between 0 and 1");
        Check(Patience >= 1, $"the schedule waits for {Patience} epochs: use 1 or more");
        Check(Final is >= 0 and <= 1, $"the schedule's final share is {Final}: use 0 to 1");
    }

    /// <inheritdoc/>
    protected override double Shape(in ScheduleMoment moment)
    {
        double factor = 1;
        double best = double.PositiveInfinity;
        int waited = 0;
        foreach (double loss in moment.Losses)
        {
            if (loss < best)
            {
                best = loss;
                waited = 0;
            }
            else if (++waited >= Patience)
            {
                factor *= Gamma;
                waited = 0;
            }
        }
        return Math.Max(factor, Final);
    }
}
