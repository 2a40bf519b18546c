using Edge.Fleet.Protocol;

namespace Edge.Runtime.Reporting;

/// <summary>What one pipeline did.</summary>
internal sealed record PipelineReport
{
    public required string Name { get; init; }

    public required ModelReference Model { get; init; }

    /// <summary>Images looked at.</summary>
    public required long Frames { get; init; }

    /// <summary>Images classified.</summary>
    public required long Results { get; init; }

    /// <summary>Results handed to the broker.</summary>
    public required long Published { get; init; }

    /// <summary>Images that could not be read.</summary>
    public required long Skipped { get; init; }

    /// <summary>Results that no broker took.</summary>
    public required long Dropped { get; init; }

    /// <summary>Frames by the seconds from the first to the last.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Managed bytes a frame after the first 100; null where there were no more.</summary>
    public required double? AllocatedBytesPerFrame { get; init; }

    public required LatencyReport LatencyMs { get; init; }
}
