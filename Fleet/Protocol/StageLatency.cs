namespace Edge.Fleet.Protocol;

/// <summary>What one frame cost, each stage in milliseconds, rounded to a microsecond.</summary>
public sealed record StageLatency
{
    /// <summary>Compressed bytes to pixels.</summary>
    public required double Decode { get; init; }

    /// <summary>Pixels to the input tensor.</summary>
    public required double Preprocess { get; init; }

    /// <summary>The engine's run.</summary>
    public required double Infer { get; init; }

    /// <summary>Output tensor to classes.</summary>
    public required double Postprocess { get; init; }

    /// <summary>From the frame's bytes to its classes: all stages and what lies between them.</summary>
    public required double Total { get; init; }
}
