using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>How well a model that rebuilds its input tells the usual from the unusual.</summary>
/// <param name="Indices">The samples' numbers in their data set.</param>
/// <param name="Errors">The mean squared difference of each sample from what the model makes of it, in the model's units.</param>
/// <param name="Anomalous">Which samples are anomalies.</param>
/// <param name="NormalClasses">The names of the classes that count as normal; empty where samples have none.</param>
/// <param name="Roc">Over all thresholds.</param>
/// <param name="PrecisionRecall">Over all thresholds.</param>
/// <param name="Suggested">Where to draw the line.</param>
internal sealed record AnomalyResult(
    int[] Indices, float[] Errors, bool[] Anomalous, IReadOnlyList<string> NormalClasses, RocCurve Roc, PrecisionRecallCurve PrecisionRecall, AnomalyThreshold Suggested);
