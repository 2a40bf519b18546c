namespace Edge.Training.Metrics;

/// <summary>One point of a <see cref="RocCurve"/>.</summary>
/// <param name="Threshold">Samples of at least this score are taken for positive; +∞ at the first point.</param>
/// <param name="FalsePositiveRate">The share of negative samples that are.</param>
/// <param name="TruePositiveRate">The share of positive samples that are.</param>
public readonly record struct RocPoint(float Threshold, double FalsePositiveRate, double TruePositiveRate);
