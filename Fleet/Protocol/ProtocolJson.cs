using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Edge.Fleet.Protocol;

/// <summary>Reads messages and says in one line why bytes are none.</summary>
internal static class ProtocolJson
{
    /// <summary>A path holds the sender's own field names: control characters would break the line.</summary>
    private static string Plain(string path) => string.Create(Math.Min(path.Length, 80), path, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(source[i]) ? '?' : source[i];
        }
    });

    internal static T Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new ProtocolException($"{what}: the payload is null");
        }
        catch (JsonException e)
        {
            string where = e.Path is { Length: > 0 } path ? $" at {Plain(path)}" : "";
            throw new ProtocolException($"{what}: not what the protocol describes{where}: check the sender's version", e);
        }
    }
}
