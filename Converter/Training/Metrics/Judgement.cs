namespace Edge.Training.Metrics;

/// <summary>What a model is worth on a data set.</summary>
/// <param name="Loss">The mean cross-entropy of a classifier, or the mean of the training loss of any other model.</param>
/// <param name="Classes">For classifiers.</param>
/// <param name="Values">For models that give numbers.</param>
/// <param name="Boxes">For detectors.</param>
public sealed record Judgement(double Loss, ClassificationMetrics? Classes, RegressionMetrics? Values, DetectionMetrics? Boxes = null);
