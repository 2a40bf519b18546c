using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>
/// The payload of <see cref="Topics.Set"/>: what a pipeline is to do. Either one of the words <c>enable</c>, <c>disable</c>
/// and <c>reload</c>, or a JSON object with one or more of these fields.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SetCommand
{
    /// <summary>The largest command, in bytes.</summary>
    public const int MaximumBytes = 4096;

    /// <summary>Runs or pauses the pipeline.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Results below this are left out, 0 to 1.</summary>
    public double? Threshold { get; init; }

    /// <summary>True loads the package afresh from its file.</summary>
    public bool? Reload { get; init; }

    /// <summary>The package to change to: a file in the folder of the pipeline's configured package.</summary>
    public string? Model { get; init; }

    /// <summary>Reads a command.</summary>
    /// <param name="utf8">The payload.</param>
    /// <exception cref="ProtocolException">This is no command.</exception>
    public static SetCommand Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumBytes)
        {
            throw new ProtocolException($"command: {utf8.Length} bytes are more than {MaximumBytes}");
        }
        ReadOnlySpan<byte> word = utf8.Trim(" \t\r\n"u8);
        if (word.SequenceEqual("enable"u8) || word.SequenceEqual("disable"u8))
        {
            return new SetCommand { Enabled = word.Length == 6 };
        }
        if (word.SequenceEqual("reload"u8))
        {
            return new SetCommand { Reload = true };
        }
        if (word.IsEmpty || word[0] != (byte)'{')
        {
            throw new ProtocolException("command: neither enable, disable or reload, nor a JSON object");
        }
        SetCommand command = ProtocolJson.Parse(word, ProtocolJsonContext.Default.SetCommand, "command");
        if (command.Threshold is { } threshold && !(threshold is >= 0 and <= 1))
        {
            throw new ProtocolException($"command: threshold {threshold.ToString(System.Globalization.CultureInfo.InvariantCulture)}: give 0 to 1");
        }
        if (command.Model is { } model && (model.Length is 0 or > 1024 || model.Contains('\0', StringComparison.Ordinal)))
        {
            throw new ProtocolException("command: model: give the path of a package");
        }
        return command is { Enabled: null, Threshold: null, Reload: null, Model: null }
            ? throw new ProtocolException("command: says nothing: give enabled, threshold, reload or model")
            : command;
    }

    /// <summary>Writes the command.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, ProtocolJsonContext.Default.SetCommand);
}
