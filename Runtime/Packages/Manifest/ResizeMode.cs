using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>How an image of any size becomes one of the model's size.</summary>
[JsonConverter(typeof(NamedEnumConverter<ResizeMode>))]
public enum ResizeMode
{
    /// <summary>Both sides are scaled on their own; the aspect ratio is lost.</summary>
    [JsonStringEnumMemberName("stretch")]
    Stretch,

    /// <summary>The whole image is scaled to fit, the rest is filled with the padding value.</summary>
    [JsonStringEnumMemberName("letterbox")]
    Letterbox,

    /// <summary>The image is scaled to cover, what sticks out on two sides is cut off evenly.</summary>
    [JsonStringEnumMemberName("crop")]
    Crop,
}
