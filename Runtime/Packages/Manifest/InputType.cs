using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>The element type of a model's image input.</summary>
[JsonConverter(typeof(NamedEnumConverter<InputType>))]
public enum InputType
{
    /// <summary>32-bit floating point, normalised as the input spec says.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>The pixels as they are, 0 to 255; the model does its own arithmetic on them.</summary>
    [JsonStringEnumMemberName("uint8")]
    UInt8,
}
