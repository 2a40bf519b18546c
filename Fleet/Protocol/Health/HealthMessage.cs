using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.Health"/>, retained: how the device is, once an interval.</summary>
public sealed record HealthMessage
{
    /// <summary>When the device wrote this, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>Seconds since the runtime started.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>The version of the runtime.</summary>
    public required string Version { get; init; }

    /// <summary>The inference engine and its version.</summary>
    public required string Engine { get; init; }

    /// <summary>Whether nothing is wrong: <see cref="Problems"/> is empty.</summary>
    public required bool Ok { get; init; }

    /// <summary>What is wrong at this moment, one line each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The machine and this process.</summary>
    public required MachineHealth Machine { get; init; }

    /// <summary>The connection; null where there is no broker.</summary>
    public required BrokerHealth? Mqtt { get; init; }

    /// <summary>The configuration.</summary>
    public required ConfigHealth Config { get; init; }

    /// <summary>The pipelines.</summary>
    public required IReadOnlyList<PipelineHealth> Pipelines { get; init; }

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no health message.</exception>
    public static HealthMessage Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.HealthMessage, "health");

    /// <summary>Writes the message.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.HealthMessage);
}
