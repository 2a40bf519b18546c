using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>The order of the dimensions of an image tensor.</summary>
[JsonConverter(typeof(NamedEnumConverter<TensorLayout>))]
public enum TensorLayout
{
    /// <summary>Batch, channel, row, column: one plane a channel.</summary>
    [JsonStringEnumMemberName("nchw")]
    Nchw,

    /// <summary>Batch, row, column, channel: the channels of a pixel side by side.</summary>
    [JsonStringEnumMemberName("nhwc")]
    Nhwc,
}
