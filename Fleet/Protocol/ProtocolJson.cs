using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Edge.Fleet.Protocol;

/// <summary>Reads messages and says in one line why bytes are none.</summary>
internal static class ProtocolJson
{
    internal static T Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new ProtocolException($"{what}: the payload is null");
        }
        catch (JsonException e)
        {
            string where = e.Path is { Length: > 0 } path ? $" at {path}" : "";
            throw new ProtocolException($"{what}: not what the protocol describes{where}: check the sender's version", e);
        }
    }
}
