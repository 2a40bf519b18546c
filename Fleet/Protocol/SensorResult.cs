using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Result"/> for a model of readings. The device writes it with <see cref="SensorResultWriter"/>;
/// this record is what a reader gets.
/// </summary>
public sealed record SensorResult
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The number of the window's newest reading, from 1, since the pipeline started.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the result was made, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where the readings come from.</summary>
    public required string Source { get; init; }

    /// <summary>When the window's newest reading was taken, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset ReadingTime { get; init; }

    /// <summary>The newest reading by column, as the sensors gave it; null for a value that is missing.</summary>
    public required IReadOnlyDictionary<string, float?> Readings { get; init; }

    /// <summary>The best classes of the window, best first; null for an anomaly detector.</summary>
    public IReadOnlyList<ClassScore>? Classes { get; init; }

    /// <summary>The class that holds; null before the first, and for an anomaly detector.</summary>
    public SensorState? State { get; init; }

    /// <summary>How unusual the window is; null for a classifier.</summary>
    public AnomalyState? Anomaly { get; init; }

    /// <summary>What the window cost.</summary>
    public required StageLatency LatencyMs { get; init; }

    /// <summary>Which model it was.</summary>
    public required ModelReference Model { get; init; }

    /// <summary>Reads a result.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no result of a model of readings.</exception>
    public static SensorResult Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.SensorResult, "sensor result");
}
