using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Set"/> for an output of the board: one of the words <c>on</c> and <c>off</c>, or a JSON object
/// with this field.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GpioCommand
{
    /// <summary>Whether the output is to be active.</summary>
    public required bool Active { get; init; }

    /// <summary>Reads a command.</summary>
    /// <param name="utf8">The payload.</param>
    /// <exception cref="ProtocolException">This is no command to an output.</exception>
    public static GpioCommand Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > SetCommand.MaximumBytes)
        {
            throw new ProtocolException($"command: {utf8.Length} bytes are more than {SetCommand.MaximumBytes}");
        }
        ReadOnlySpan<byte> word = utf8.Trim(" \t\r\n"u8);
        if (word.SequenceEqual("on"u8) || word.SequenceEqual("off"u8))
        {
            return new GpioCommand { Active = word.Length == 2 };
        }
        return !word.IsEmpty && word[0] == (byte)'{'
            ? ProtocolJson.Parse(word, ProtocolJsonContext.Default.GpioCommand, "command")
            : throw new ProtocolException("command: neither on or off, nor a JSON object with active");
    }
}
