using Edge.Fleet.Protocol;

namespace Edge.Fleet.Registry;

/// <summary>A release that was published.</summary>
/// <param name="Release">How devices ask for it.</param>
/// <param name="Blobs">The hashes of the blobs that make it up.</param>
/// <param name="Time">When it was published.</param>
public sealed record ReleaseRecord(DesiredRelease Release, IReadOnlyList<string> Blobs, DateTimeOffset Time);
