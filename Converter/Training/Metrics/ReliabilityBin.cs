namespace Edge.Training.Metrics;

/// <summary>The samples that a model is about equally sure of.</summary>
/// <param name="From">Their confidence is above this,</param>
/// <param name="To">and at most this.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Confidence">The mean probability of the predicted class; 0 for no samples.</param>
/// <param name="Accuracy">The share that was right; 0 for no samples.</param>
public sealed record ReliabilityBin(double From, double To, long Count, double Confidence, double Accuracy);
