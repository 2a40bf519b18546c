using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.Event"/> for an input of the board: it changed.</summary>
public sealed record GpioEvent
{
    /// <summary>The input's name in the configuration.</summary>
    public required string Input { get; init; }

    /// <summary>Whether it is active from here on.</summary>
    public required bool Active { get; init; }

    /// <summary>The kernel's number of the change, from 1 when the input was opened.</summary>
    public required long Sequence { get; init; }

    /// <summary>How many changes before this one the kernel had to forget since they came too fast.</summary>
    public required long Lost { get; init; }

    /// <summary>When it changed, in UTC: the kernel's time of the interrupt.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The same on the kernel's monotonic clock, in nanoseconds: for the time between two changes.</summary>
    public required long Nanoseconds { get; init; }

    /// <summary>Reads an event.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no event of an input.</exception>
    public static GpioEvent Parse(ReadOnlySpan<byte> utf8) => ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.GpioEvent, "gpio event");

    /// <summary>Writes the event.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.GpioEvent);
}
