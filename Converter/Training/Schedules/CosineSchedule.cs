namespace Edge.Training.Schedules;

/// <summary>Goes down along half a cosine, from full height to the final share (Loshchilov and Hutter 2017).</summary>
public sealed record CosineSchedule : Schedule
{
    /// <inheritdoc/>
    public override string Name => "cosine";

    /// <summary>The share of the rate that is left at the end, from 0 to 1.</summary>
    public double Final { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Check(Final is >= 0 and <= 1, $"the schedule's final share is {Final}: use 0 to 1");
    }

    /// <inheritdoc/>
    protected override double Shape(in ScheduleMoment moment) => Final + ((1 - Final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(moment.Share, 1))));
}
