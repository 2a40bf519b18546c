namespace Edge.Fleet.Rollouts;

/// <summary>How well a device does with a package.</summary>
/// <param name="ErrorRate">The share of frames that failed, 0 to 1.</param>
/// <param name="LatencyP95">The 95th percentile of a frame's time, in milliseconds.</param>
/// <param name="Drift">How far classes have moved, a population stability index.</param>
public readonly record struct HealthSample(double ErrorRate, double LatencyP95, double Drift);
