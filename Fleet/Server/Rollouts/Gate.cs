namespace Edge.Fleet.Rollouts;

/// <summary>What must hold before the next wave opens, and what ends a rollout.</summary>
public sealed record Gate
{
    /// <summary>The least share of a wave's settled devices that must run the release, 0 to 1; below it the rollout pauses.</summary>
    public double MinimumSuccess { get; init; } = 0.9;

    /// <summary>How long a wave must have been settled before the next one opens.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The share of a wave's devices, 0 to 1, whose failures abort the rollout once it is exceeded.</summary>
    public double AbortAbove { get; init; } = 0.2;

    /// <summary>How many devices must have told their health with the release before the gate opens; 0 waits for none.</summary>
    public int MinimumHealthReports { get; init; }

    /// <summary>How much the mean share of failed frames may rise over that of the release before, 0 to 1; null sets no limit.</summary>
    public double? MaximumErrorRateRise { get; init; }

    /// <summary>How many times that of the release before the mean 95th percentile of latency may be; null sets no limit.</summary>
    public double? MaximumLatencyRatio { get; init; }

    /// <summary>How much the mean drift may rise over that of the release before; null sets no limit.</summary>
    public double? MaximumDriftRise { get; init; }

    /// <summary>Whether any limit of health is set.</summary>
    internal bool WatchesHealth => MaximumErrorRateRise is not null || MaximumLatencyRatio is not null || MaximumDriftRise is not null;

    internal void Validate()
    {
        Require(MinimumSuccess is >= 0 and <= 1, "the minimum success must be 0 to 1");
        Require(AbortAbove is >= 0 and <= 1, "the abort threshold must be 0 to 1");
        Require(Soak >= TimeSpan.Zero && Soak <= TimeSpan.FromDays(365), "the soak must be 0 to 365 days");
        Require(MinimumHealthReports >= 0, "the minimum of health reports must not be negative");
        Require(MaximumErrorRateRise is null or (>= 0 and <= 1), "the rise of the error rate must be 0 to 1");
        Require(MaximumLatencyRatio is null or (> 0 and <= 1000), "the latency ratio must be above 0 and at most 1000");
        Require(MaximumDriftRise is null or (>= 0 and <= 1000), "the rise of drift must be 0 to 1000");
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new FleetException($"gate: {rule}");
        }
    }
}
