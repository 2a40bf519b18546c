namespace Edge.Training.Schedules;

/// <summary>The full rate all the time.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override string Name => "constant";

    /// <inheritdoc/>
    protected override double Shape(in ScheduleMoment moment) => 1;
}
