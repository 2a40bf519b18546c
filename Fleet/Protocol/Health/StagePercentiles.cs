namespace Edge.Fleet.Protocol;

/// <summary>Percentiles of one stage, in milliseconds.</summary>
/// <param name="P50">Half of all frames took no longer.</param>
/// <param name="P95">95 % took no longer.</param>
/// <param name="P99">99 % took no longer.</param>
public sealed record StagePercentiles(double P50, double P95, double P99);
