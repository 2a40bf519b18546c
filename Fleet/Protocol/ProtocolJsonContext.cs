using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(ClassificationResult))]
internal sealed partial class ProtocolJsonContext : JsonSerializerContext;
