namespace Edge.Fleet.Rollouts;

/// <summary>What a rollout asks of a device.</summary>
/// <param name="Manifest">The release, by its manifest; null for what the device was delivered with.</param>
/// <param name="Attempt">Which attempt at it, from 1.</param>
/// <param name="IsReturn">Whether it is asked to go back.</param>
public sealed record Assignment(string? Manifest, int Attempt, bool IsReturn);
