using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Event"/> for a model of readings: another class holds, or an anomaly begins or ends. The device
/// writes it with <see cref="SensorResultWriter"/>; this record is what a reader gets.
/// </summary>
public sealed record SensorEvent
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>What happened.</summary>
    public required SensorEventKind Event { get; init; }

    /// <summary>The number of the window's newest reading, as in results.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the event was noticed, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where the readings come from.</summary>
    public required string Source { get; init; }

    /// <summary>When the newest reading was taken, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset ReadingTime { get; init; }

    /// <summary>The class that holds from here on; null for an anomaly.</summary>
    public SensorState? State { get; init; }

    /// <summary>How unusual the window is; null for a class.</summary>
    public AnomalyState? Anomaly { get; init; }

    /// <summary>Which model it was.</summary>
    public required ModelReference Model { get; init; }

    /// <summary>Reads an event.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no event of a model of readings.</exception>
    public static SensorEvent Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.SensorEvent, "sensor event");
}
