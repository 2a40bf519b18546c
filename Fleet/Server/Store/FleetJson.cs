using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Fleet.Store;

/// <summary>JSON as the store and the fleet's folder keep it.</summary>
internal static class FleetJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static JsonSerializerOptions Indented { get; } = new(Options) { WriteIndented = true };

    internal static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    internal static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new FleetException("the fleet's database holds null where it must not: restore a copy of it");
}
