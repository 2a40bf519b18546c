using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Training;

/// <summary>How JSON inside models is written.</summary>
internal static class JsonStyle
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        MaxDepth = 8,
    };
}
