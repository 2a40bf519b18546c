namespace Edge.Training.Metrics;

/// <summary>One point of a <see cref="PrecisionRecallCurve"/>.</summary>
/// <param name="Threshold">Samples of at least this score are taken for positive.</param>
/// <param name="Recall">The share of positive samples that are.</param>
/// <param name="Precision">Of those taken, the share that is positive.</param>
public readonly record struct PrecisionRecallPoint(float Threshold, double Recall, double Precision);
