using Edge.Fleet.Protocol;

namespace Edge.Runtime.Reporting;

/// <summary>What <c>bench</c> measured.</summary>
internal sealed record BenchReport
{
    public required string Version { get; init; }

    public required string Engine { get; init; }

    public required string Provider { get; init; }

    public required ModelReference Model { get; init; }

    public required long Frames { get; init; }

    /// <summary>Without the time of the bare engine's runs in between.</summary>
    public required double ImagesPerSecond { get; init; }

    public required double? AllocatedBytesPerFrame { get; init; }

    public required double RssMB { get; init; }

    public required LatencyReport LatencyMs { get; init; }

    /// <summary>The engine alone on the same inputs, between the frames.</summary>
    public required StageReport BareEngineMs { get; init; }
}
