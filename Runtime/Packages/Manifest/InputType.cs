using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>The element type of a model's image input.</summary>
[JsonConverter(typeof(NamedEnumConverter<InputType>))]
public enum InputType
{
    /// <summary>32-bit floating point, normalised as the input spec says.</summary>
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>Without a quantization the pixels as they are, 0 to 255; with one, normalised and quantized.</summary>
    [JsonStringEnumMemberName("uint8")]
    UInt8,

    /// <summary>16-bit floating point, normalised as the input spec says.</summary>
    [JsonStringEnumMemberName("float16")]
    Float16,

    /// <summary>Normalised and quantized as the input spec says.</summary>
    [JsonStringEnumMemberName("int8")]
    Int8,
}
