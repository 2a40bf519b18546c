using Edge.Fleet.Protocol;

namespace Edge.Fleet.Rollouts;

/// <summary>What a device says about the rollout's package.</summary>
/// <param name="Answers">The newest event of which the device has accepted the desired state.</param>
/// <param name="Running">The release that runs (SHA-256 of its manifest); null where none does.</param>
/// <param name="Target">The release that <paramref name="Phase"/> is about; null where none was asked for.</param>
/// <param name="Attempt">Which attempt at it.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
public sealed record DeviceReport(long Answers, string? Running, string? Target, int Attempt, UpdatePhase Phase, string? Error);
