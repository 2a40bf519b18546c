namespace Edge.Fleet.Rollouts;

/// <summary>How a device does with one release.</summary>
/// <param name="ErrorRate">Frames that failed, as a share of those that came: 0 to 1.</param>
/// <param name="LatencyP95Ms">The 95th percentile from frame to result, in milliseconds; null where it had none.</param>
/// <param name="Drift">How far results have moved from the package's reference (population stability index); null where unknown.</param>
public sealed record HealthFigures(double ErrorRate, double? LatencyP95Ms, double? Drift);
