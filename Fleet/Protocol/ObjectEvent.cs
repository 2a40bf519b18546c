using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Event"/>: something that happened to a tracked object. The device writes it with
/// <see cref="ObjectEventWriter"/>; this record is what a reader gets.
/// </summary>
public sealed record ObjectEvent
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>What happened.</summary>
    public required ObjectEventKind Event { get; init; }

    /// <summary>The object's number, from 1, since the pipeline started.</summary>
    public required long Id { get; init; }

    /// <summary>The number of the frame, as in results.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>What was looked at: a file's name, or the name of a stream.</summary>
    public required string Source { get; init; }

    /// <summary>The frame's columns.</summary>
    public required int Width { get; init; }

    /// <summary>The frame's rows.</summary>
    public required int Height { get; init; }

    /// <summary>The zone that it is about, or null.</summary>
    public string? Zone { get; init; }

    /// <summary>The line that was crossed, or null.</summary>
    public string? Line { get; init; }

    /// <summary>Which way; null unless a line was crossed.</summary>
    public CrossingDirection? Direction { get; init; }

    /// <summary>How long the object has been there, in seconds: in the zone where the event is about one, otherwise since it was first seen.</summary>
    public required double DwellSeconds { get; init; }

    /// <summary>The object.</summary>
    public required TrackedObject Object { get; init; }

    /// <summary>Which model it was.</summary>
    public required ModelReference Model { get; init; }

    /// <summary>Reads an event.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no event.</exception>
    public static ObjectEvent Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.ObjectEvent, "event");
}
