using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.Status"/>, retained.</summary>
public sealed record StatusMessage
{
    /// <summary>Online or offline.</summary>
    [JsonPropertyName("status")]
    public required DeviceState State { get; init; }

    /// <summary>The version of the runtime, as <c>edge-runtime --version</c> prints it.</summary>
    public required string Version { get; init; }

    /// <summary>The kernel's boot id (<c>/proc/sys/kernel/random/boot_id</c>): it changes when the device has been restarted.</summary>
    public required string BootId { get; init; }

    /// <summary>The inference engine and its version.</summary>
    public required string Engine { get; init; }

    /// <summary>When the device wrote this, in UTC. A last will carries the time at which the runtime started.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The message as JSON in UTF-8.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.StatusMessage);

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no status message.</exception>
    public static StatusMessage Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.StatusMessage, "status message");
}
