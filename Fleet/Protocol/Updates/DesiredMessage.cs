using System.Text.Json;

namespace Edge.Fleet.Protocol;

/// <summary>The payload of <see cref="Topics.UpdateDesired"/>, retained.</summary>
public sealed record DesiredMessage
{
    /// <summary>The most bytes of a message.</summary>
    public const int MaximumBytes = 128 << 10;

    /// <summary>A <see cref="DesiredState"/>, signed by a key of the fleet.</summary>
    public required SignedBytes Desired { get; init; }

    /// <summary>A <see cref="TrustChange"/>, signed by a key of packages; null where keys are as they were.</summary>
    public SignedBytes? Trust { get; init; }

    /// <summary>Reads a message; nothing in it is believed before its signature is checked.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <exception cref="ProtocolException">This is no desired message.</exception>
    public static DesiredMessage Parse(ReadOnlySpan<byte> utf8)
    {
        Rule.That(utf8.Length <= MaximumBytes, "desired", $"{utf8.Length} bytes are more than a message may have ({MaximumBytes})");
        DesiredMessage message = ProtocolJson.Parse(utf8, ProtocolJsonContext.Default.DesiredMessage, "desired");
        message.Desired.Validate("desired");
        message.Trust?.Validate("trust");
        return message;
    }

    /// <summary>The message as JSON in UTF-8.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.DesiredMessage);
}
