namespace Edge.Graph.Analysis;

/// <summary>How far one output of a second model lies from that of a first, over all inputs that were tried.</summary>
/// <param name="Output">The output's name in the first model.</param>
/// <param name="Elements">How many elements were compared.</param>
/// <param name="MaximumAbsolute">The largest <c>|a − b|</c>.</param>
/// <param name="Relative"><c>‖a − b‖ / ‖a‖</c>; null where the first is zero throughout.</param>
/// <param name="SqnrDecibels">Signal to noise, <c>10·log₁₀(Σa² / Σ(a − b)²)</c>; null where nothing differs, or the first is zero throughout.</param>
/// <param name="ArgmaxAgreement">In how many rows along the last axis the largest element stands at the same place, 0–1; null for rows of one.</param>
/// <param name="IsEqual">True when every element is the same, bit for bit but for the sign of zero.</param>
/// <param name="Problem">Why nothing could be compared; null where something was.</param>
public sealed record OutputDelta(
    string Output, long Elements, double MaximumAbsolute, double? Relative, double? SqnrDecibels, double? ArgmaxAgreement, bool IsEqual, string? Problem);
