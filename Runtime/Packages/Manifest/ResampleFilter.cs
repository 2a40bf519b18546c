using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>How the pixels of an image of another size are found.</summary>
[JsonConverter(typeof(NamedEnumConverter<ResampleFilter>))]
public enum ResampleFilter
{
    /// <summary>Between the four nearest pixels, as OpenCV's INTER_LINEAR.</summary>
    [JsonStringEnumMemberName("bilinear")]
    Bilinear,

    /// <summary>The mean of all pixels that are covered, as OpenCV's INTER_AREA; slower, and better where an image shrinks much.</summary>
    [JsonStringEnumMemberName("area")]
    Area,
}
