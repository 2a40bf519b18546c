using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.State"/>, retained: what became of the commands, and what the pipeline does.</summary>
public sealed record PipelineStateMessage
{
    /// <summary>What the pipeline does.</summary>
    public required PipelineState State { get; init; }

    /// <summary>Whether it is to run.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The threshold that is used, 0 to 1; null while there is no model.</summary>
    public required double? Threshold { get; init; }

    /// <summary>The model that is used; null while there is none.</summary>
    public required ModelReference? Model { get; init; }

    /// <summary>Why the last command, or the pipeline itself, failed; null where all is well.</summary>
    public required string? Error { get; init; }

    /// <summary>When the device wrote this, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }

    /// <summary>Reads a state.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no pipeline state.</exception>
    public static PipelineStateMessage Parse(ReadOnlySpan<byte> utf8) =>
        ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.PipelineStateMessage, "pipeline state");

    /// <summary>Writes the state.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.PipelineStateMessage);
}
