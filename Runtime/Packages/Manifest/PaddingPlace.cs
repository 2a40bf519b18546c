using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>Where a letterboxed image lies in the model's input.</summary>
[JsonConverter(typeof(NamedEnumConverter<PaddingPlace>))]
public enum PaddingPlace
{
    /// <summary>In the middle, padding on both sides.</summary>
    [JsonStringEnumMemberName("center")]
    Center,

    /// <summary>At the top left, padding at the right and below.</summary>
    [JsonStringEnumMemberName("top-left")]
    TopLeft,
}
