using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(ClassificationResult))]
[JsonSerializable(typeof(DetectionResult))]
[JsonSerializable(typeof(SensorResult))]
[JsonSerializable(typeof(SensorEvent))]
[JsonSerializable(typeof(ObjectEvent))]
[JsonSerializable(typeof(SetCommand))]
[JsonSerializable(typeof(PipelineStateMessage))]
[JsonSerializable(typeof(HealthMessage))]
[JsonSerializable(typeof(GpioEvent))]
[JsonSerializable(typeof(GpioState))]
[JsonSerializable(typeof(GpioCommand))]
[JsonSerializable(typeof(DesiredMessage))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(TrustChange))]
[JsonSerializable(typeof(ReportedState))]
internal sealed partial class ProtocolJsonContext : JsonSerializerContext;
