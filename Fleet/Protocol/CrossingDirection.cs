using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>Which way a line was crossed, seen along it from its first point to its second.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrossingDirection>))]
public enum CrossingDirection
{
    /// <summary>From the line's left to its right.</summary>
    [JsonStringEnumMemberName("leftToRight")]
    LeftToRight,

    /// <summary>From the line's right to its left.</summary>
    [JsonStringEnumMemberName("rightToLeft")]
    RightToLeft,
}
