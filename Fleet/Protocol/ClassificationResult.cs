using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Result"/> for a classifier. The device writes it with <see cref="ClassificationResultWriter"/>;
/// this record is what a reader gets.
/// </summary>
public sealed record ClassificationResult
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The frame's number, from 1, since the pipeline started. A gap means that a result was not published.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the result was made, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>What was looked at: for a folder, the file's name.</summary>
    public required string Source { get; init; }

    /// <summary>The best classes, best first; as many as <c>topK</c> asks for.</summary>
    public required IReadOnlyList<ClassScore> Classes { get; init; }

    /// <summary>What the frame cost.</summary>
    public required StageLatency LatencyMs { get; init; }

    /// <summary>Which model it was.</summary>
    public required ModelReference Model { get; init; }

    /// <summary>Reads a result.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no classification result.</exception>
    public static ClassificationResult Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.ClassificationResult, "classification result");
}
