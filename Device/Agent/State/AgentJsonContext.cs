using System.Text.Json.Serialization;
using Edge.Fleet.Protocol;

namespace Edge.Agent.State;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(UpdateState))]
[JsonSerializable(typeof(DeviceRecord))]
[JsonSerializable(typeof(SignedBytes))]
internal sealed partial class AgentJsonContext : JsonSerializerContext;
