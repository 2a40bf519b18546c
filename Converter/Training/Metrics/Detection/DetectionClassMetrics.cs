namespace Edge.Training.Metrics;

/// <summary>How well one class is detected.</summary>
/// <param name="Class">Which, by number.</param>
/// <param name="Truths">How many true boxes there are, crowds not counted.</param>
/// <param name="Ap">Average precision over the overlaps 0.50 to 0.95.</param>
/// <param name="Ap50">Average precision at the overlap 0.50.</param>
/// <param name="Ar">Average recall with at most 100 boxes a picture.</param>
/// <param name="Curve50">Precision over recall at the overlap 0.50.</param>
public sealed record DetectionClassMetrics(int Class, int Truths, double Ap, double Ap50, double Ar, PrecisionRecall Curve50);
