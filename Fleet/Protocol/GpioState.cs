using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.State"/> for an input or output of the board, retained.</summary>
public sealed record GpioState
{
    /// <summary>Whether it is active; null while the line cannot be had.</summary>
    public required bool? Active { get; init; }

    /// <summary>Why the line cannot be had, or what was wrong with the last command; null where all is well.</summary>
    public required string? Error { get; init; }

    /// <summary>When the device wrote this, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>Reads a state.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no state of an input or output.</exception>
    public static GpioState Parse(ReadOnlySpan<byte> utf8) => ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.GpioState, "gpio state");

    /// <summary>Writes the state.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.GpioState);
}
