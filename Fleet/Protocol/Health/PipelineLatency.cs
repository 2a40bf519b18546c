namespace Edge.Fleet.Protocol;

/// <summary>The stages of a pipeline.</summary>
public sealed record PipelineLatency
{
    /// <summary>From the beginning of reading a frame to handing its result over.</summary>
    public required StagePercentiles Total { get; init; }

    /// <summary>From the frame's first byte to its last.</summary>
    public required StagePercentiles Read { get; init; }

    /// <summary>Compressed bytes to pixels.</summary>
    public required StagePercentiles Decode { get; init; }

    /// <summary>Pixels to the input tensor.</summary>
    public required StagePercentiles Preprocess { get; init; }

    /// <summary>The engine's run.</summary>
    public required StagePercentiles Infer { get; init; }

    /// <summary>Output tensor to result.</summary>
    public required StagePercentiles Postprocess { get; init; }

    /// <summary>Writing the message and handing it over.</summary>
    public required StagePercentiles Publish { get; init; }
}
