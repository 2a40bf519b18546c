namespace Edge.Fleet.Rollouts;

/// <summary>What a device is to run from here on: what the server signs and publishes.</summary>
/// <param name="Device">The device.</param>
/// <param name="Release">The release (SHA-256 of its manifest); null stands for what the device was delivered with.</param>
/// <param name="Attempt">Which attempt at it, from 1.</param>
/// <param name="AllowDowngrade">Whether it may be older than the newest release that the device has kept.</param>
public sealed record Assignment(string Device, string? Release, int Attempt, bool AllowDowngrade);
