using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>Enums in JSON: by the name that each member states, never by number.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class NamedEnumConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
