using Edge.Fleet.Protocol;

namespace Edge.Agent.State;

/// <summary>A release and where it lies.</summary>
internal sealed record SlotRelease
{
    /// <summary>One of <see cref="SlotName"/>.</summary>
    public required string Slot { get; init; }

    public required string Version { get; init; }

    public required long Release { get; init; }

    public required string ManifestSha256 { get; init; }

    internal ModelReference Reference(string name) => new() { Name = name, Version = Version, Release = Release };
}
