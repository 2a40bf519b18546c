using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edge.Runtime.Configuration;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(RuntimeConfig))]
internal sealed partial class ConfigJsonContext : JsonSerializerContext;
