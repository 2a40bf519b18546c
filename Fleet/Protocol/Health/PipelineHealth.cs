namespace Edge.Fleet.Protocol;

/// <summary>How a pipeline is. Counts are since the start of the runtime.</summary>
public sealed record PipelineHealth
{
    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required PipelineState State { get; init; }

    /// <summary>Which model it uses; null while there is none.</summary>
    public required ModelReference? Model { get; init; }

    /// <summary>Who computes, and for what reason nobody better does; null while there is no model.</summary>
    public required string? Provider { get; init; }

    /// <summary>Results that are worked on at the same time.</summary>
    public required int Workers { get; init; }

    /// <summary>Frames by what became of them.</summary>
    public required FrameCounts Frames { get; init; }

    /// <summary>Results in a second of the last interval.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Percentiles of the last interval by stage; null where it had no result.</summary>
    public required PipelineLatency? LatencyMs { get; init; }

    /// <summary>Where frames come from.</summary>
    public required SourceHealth Source { get; init; }

    /// <summary>What the model did apart from results.</summary>
    public required ModelHealth ModelHealth { get; init; }

    /// <summary>How far results have moved from what the package was made with; null where the package has no reference.</summary>
    public required DriftHealth? Drift { get; init; }

    /// <summary>The objects that are followed; null where none are.</summary>
    public SceneHealth? Scene { get; init; }
}
