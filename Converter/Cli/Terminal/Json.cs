using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Cli.Terminal;

/// <summary>JSON as Edge writes it: camelCase names, nothing for null.</summary>
internal static class Json
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>The same on one line.</summary>
    internal static JsonSerializerOptions Compact { get; } = new(Options) { WriteIndented = false };

    internal static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);
}
