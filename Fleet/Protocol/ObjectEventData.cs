using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>An event on its way to a message.</summary>
public readonly ref struct ObjectEventData
{
    /// <summary>What happened.</summary>
    public required ObjectEventKind Kind { get; init; }

    /// <summary>The object's number.</summary>
    public required long Id { get; init; }

    /// <summary>The frame's number.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it happened; UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>What was looked at, from <see cref="ClassificationResultWriter.EncodeText"/>.</summary>
    public required JsonEncodedText Source { get; init; }

    /// <summary>The frame's columns.</summary>
    public required int Width { get; init; }

    /// <summary>The frame's rows.</summary>
    public required int Height { get; init; }

    /// <summary>The zone or line that it is about, by number; −1 for none.</summary>
    public required int Place { get; init; }

    /// <summary>1 where a line was crossed from its left to its right, −1 for the other way, 0 for other events.</summary>
    public required int Direction { get; init; }

    /// <summary>How long the object has been there.</summary>
    public required TimeSpan Dwell { get; init; }

    /// <summary>The object's last box, with its class and score.</summary>
    public required DetectedBox Box { get; init; }

    /// <summary>Its surest box.</summary>
    public required DetectedBox Best { get; init; }

    /// <summary>When it was seen so surely; UTC.</summary>
    public required DateTime BestTime { get; init; }

    /// <summary>When it was first seen; UTC.</summary>
    public required DateTime FirstSeen { get; init; }

    /// <summary>When it was last seen; UTC.</summary>
    public required DateTime LastSeen { get; init; }

    /// <summary>Whether it stands still.</summary>
    public required bool IsStationary { get; init; }

    /// <summary>The zones that it is in, bit by bit: bit 0 is the first zone.</summary>
    public required ulong Zones { get; init; }

    /// <summary>Its path: x and y in turns, in shares of the frame's size.</summary>
    public required ReadOnlySpan<float> Path { get; init; }
}
