using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Result"/> for a detector. The device writes it with <see cref="DetectionResultWriter"/>;
/// this record is what a reader gets.
/// </summary>
public sealed record DetectionResult
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The frame's number, from 1, since the pipeline started. A gap means that a result was not published.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the result was made, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>What was looked at: a file's name, or the name of a stream.</summary>
    public required string Source { get; init; }

    /// <summary>The frame's columns.</summary>
    public required int Width { get; init; }

    /// <summary>The frame's rows.</summary>
    public required int Height { get; init; }

    /// <summary>What was found, the surest first.</summary>
    public required IReadOnlyList<DetectedObject> Detections { get; init; }

    /// <summary>How many tracked objects there are; null where nothing is tracked.</summary>
    public ObjectCount? Objects { get; init; }

    /// <summary>How many there are in each zone; null where nothing is tracked.</summary>
    public IReadOnlyDictionary<string, ObjectCount>? Zones { get; init; }

    /// <summary>How often each line was crossed; null where nothing is tracked.</summary>
    public IReadOnlyDictionary<string, LineCount>? Lines { get; init; }

    /// <summary>What the frame cost.</summary>
    public required StageLatency LatencyMs { get; init; }

    /// <summary>Which model it was.</summary>
    public required ModelReference Model { get; init; }

    /// <summary>Reads a result.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no detection result.</exception>
    public static DetectionResult Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.DetectionResult, "detection result");
}
