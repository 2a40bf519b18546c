using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>How a detector's overlapping boxes are dealt with.</summary>
[JsonConverter(typeof(NamedEnumConverter<SuppressionKind>))]
public enum SuppressionKind
{
    /// <summary>Of boxes of one class, the surest stays.</summary>
    [JsonStringEnumMemberName("perClass")]
    PerClass,

    /// <summary>Of boxes of any class, the surest stays.</summary>
    [JsonStringEnumMemberName("agnostic")]
    Agnostic,

    /// <summary>
    /// Boxes of one class lose score the more they overlap a surer one, and stay while they reach the threshold (Soft-NMS, Bodla et al.
    /// 2017, arXiv 1704.04503, Gaussian with σ = 0.5).
    /// </summary>
    [JsonStringEnumMemberName("soft")]
    Soft,
}
