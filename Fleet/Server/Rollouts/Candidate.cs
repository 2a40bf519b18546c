namespace Edge.Fleet.Rollouts;

/// <summary>A device of the group, as the registry knows it when it joins.</summary>
/// <param name="Device">The device.</param>
/// <param name="IsOnline">Whether it is connected.</param>
/// <param name="IsBlocked">Whether it lacks what the release requires.</param>
/// <param name="IsExcluded">Whether an operator keeps it out.</param>
/// <param name="IsPinned">Whether an operator holds it on a release.</param>
/// <param name="Running">What it runs (SHA-256 of the manifest); null where unknown.</param>
/// <param name="Previous">The release that it would go back to; null stands for what it was delivered with.</param>
/// <param name="PreviousAttempt">The last attempt at that release, from 1.</param>
/// <param name="Attempt">The last attempt at the rollout's release, of earlier rollouts; 0 where there was none.</param>
public sealed record Candidate(
    string Device, bool IsOnline, bool IsBlocked, bool IsExcluded, bool IsPinned,
    string? Running, string? Previous, int PreviousAttempt, int Attempt);
