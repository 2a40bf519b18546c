using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>What the channels of an image tensor hold.</summary>
[JsonConverter(typeof(NamedEnumConverter<ColorOrder>))]
public enum ColorOrder
{
    /// <summary>Red, green, blue.</summary>
    [JsonStringEnumMemberName("rgb")]
    Rgb,

    /// <summary>Blue, green, red.</summary>
    [JsonStringEnumMemberName("bgr")]
    Bgr,

    /// <summary>One channel of luma.</summary>
    [JsonStringEnumMemberName("grey")]
    Grey,
}
