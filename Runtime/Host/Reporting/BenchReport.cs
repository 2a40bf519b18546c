using Edge.Fleet.Protocol;

namespace Edge.Runtime.Reporting;

/// <summary>What <c>bench</c> measured.</summary>
internal sealed record BenchReport
{
    public required string Version { get; init; }

    public required string Engine { get; init; }

    public required string Provider { get; init; }

    public required ModelReference Model { get; init; }

    /// <summary>Threads of one inference.</summary>
    public required int Threads { get; init; }

    public required long Frames { get; init; }

    /// <summary>Without the time of the bare engine's runs in between.</summary>
    public required double ImagesPerSecond { get; init; }

    public required double? AllocatedBytesPerFrame { get; init; }

    public required double RssMB { get; init; }

    /// <summary>How much more that is than after the first frames.</summary>
    public required double RssGrowthMB { get; init; }

    public required LatencyReport LatencyMs { get; init; }

    /// <summary>The engine alone on the same inputs, between the frames.</summary>
    public required StageReport BareEngineMs { get; init; }

    /// <summary>The engine alone loading the model, without a cache: the best of a few.</summary>
    public double BareSessionMs { get; init; }

    /// <summary>libjpeg-turbo or libpng alone on the same files, to RGB at full size.</summary>
    public required StageReport BareDecodeMs { get; init; }

    /// <summary>Processor time of a bare run of the engine, the mean; its threads' waiting in loops counts too.</summary>
    public required double BareEngineCpuMs { get; init; }

    /// <summary>Processor time of a bare decode, the mean.</summary>
    public required double BareDecodeCpuMs { get; init; }
}
