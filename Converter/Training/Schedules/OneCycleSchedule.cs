namespace Edge.Training.Schedules;

/// <summary>
/// Rises along half a cosine to the full rate, and falls along another one to almost nothing (Smith and Topin 2018).
/// </summary>
public sealed record OneCycleSchedule : Schedule
{
    /// <inheritdoc/>
    public override string Name => "one-cycle";

    /// <summary>The share of training in which the rate rises, above 0 and less than 1.</summary>
    public double Rise { get; init; } = 0.3;

    /// <summary>The share of the full rate at the start.</summary>
    public double Start { get; init; } = 0.04;

    /// <summary>The share of the full rate at the end.</summary>
    public double Final { get; init; } = 4e-6;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Rise is > 0 and < 1, $"the schedule rises over {Rise} of training: use a number between 0 and 1");
        Check(Start is >= 0 and <= 1, $"the schedule's first share is {Start}: use 0 to 1");
        Check(Final is >= 0 and <= 1, $"the schedule's final share is {Final}: use 0 to 1");
    }

    /// <inheritdoc/>
    protected override double Shape(in ScheduleMoment moment)
    {
        double share = Math.Min(moment.Share, 1);
        return share < Rise ? Between(Start, 1, share / Rise) : Between(1, Final, (share - Rise) / (1 - Rise));
    }

    private static double Between(double from, double to, double place) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * place)));
}
