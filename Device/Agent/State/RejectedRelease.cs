namespace Edge.Agent.State;

/// <summary>A release that did not stand its trial, and is not tried again unless a higher attempt is asked for.</summary>
internal sealed record RejectedRelease(string ManifestSha256, int Attempt, bool Ran, string Reason);
