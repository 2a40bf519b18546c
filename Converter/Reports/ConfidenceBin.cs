namespace Edge.Reports;

/// <summary>One bar of a reliability diagram.</summary>
/// <param name="From">The confidence it begins at, 0 to 1.</param>
/// <param name="To">The confidence it ends at.</param>
/// <param name="Confidence">The mean confidence of its predictions.</param>
/// <param name="Accuracy">The share of them that was right.</param>
/// <param name="Count">How many they are; a bar of none is left out.</param>
public readonly record struct ConfidenceBin(double From, double To, double Confidence, double Accuracy, long Count);
