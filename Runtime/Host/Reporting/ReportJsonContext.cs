using System.Text.Json.Serialization;
using Edge.Runtime.Diagnostics;

namespace Edge.Runtime.Reporting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(Edge.Hardware.Discovery.HardwareInventory))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
