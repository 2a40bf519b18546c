namespace Edge.Fleet.Protocol;

/// <summary>
/// Population stability index, Σ (actual − reference) · ln(actual ∕ reference) over the shares of a histogram: below 0.1 nothing
/// has moved, above 0.25 it has moved far. Over the last results, at most some thousands.
/// </summary>
/// <param name="Classes">Of the best class; null where the package has no reference for it.</param>
/// <param name="Confidence">Of the best score, in ten equal steps; null where the package has no reference for it.</param>
/// <param name="Samples">How many results it is about.</param>
public sealed record DriftHealth(double? Classes, double? Confidence, long Samples);
