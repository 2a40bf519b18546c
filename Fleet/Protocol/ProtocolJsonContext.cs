using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(ClassificationResult))]
[JsonSerializable(typeof(DetectionResult))]
[JsonSerializable(typeof(ObjectEvent))]
[JsonSerializable(typeof(SetCommand))]
[JsonSerializable(typeof(PipelineStateMessage))]
[JsonSerializable(typeof(HealthMessage))]
internal sealed partial class ProtocolJsonContext : JsonSerializerContext;
