using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>The only field that is read before the format is known to be ours.</summary>
/// <param name="FormatVersion">The version, or null where the field is absent.</param>
internal sealed record FormatHeader(int? FormatVersion = null);

/// <summary>
/// Reads and writes manifests without reflection. A property with a default of its own has a setter, not an initializer:
/// the generated reader gives an absent init-only property the default of its type.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(FormatHeader))]
internal sealed partial class ManifestJson : JsonSerializerContext;
