using System.Text.Json.Serialization;

namespace Edge.Packages;

/// <summary>What a classifier's scores are.</summary>
[JsonConverter(typeof(NamedEnumConverter<ScoreKind>))]
public enum ScoreKind
{
    /// <summary>Numbers that a softmax makes probabilities of.</summary>
    [JsonStringEnumMemberName("logits")]
    Logits,

    /// <summary>Probabilities: the model ends with its own softmax.</summary>
    [JsonStringEnumMemberName("probabilities")]
    Probabilities,
}
