using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>How well one class is told from the rest.</summary>
/// <param name="Name">The class.</param>
/// <param name="Samples">How many samples are of it.</param>
/// <param name="Precision">Of what was taken for it, the share that is.</param>
/// <param name="Recall">Of what is of it, the share that was taken for it.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="RocAuc">The area under its ROC curve against the rest; null where all or no samples are of it.</param>
/// <param name="AveragePrecision">The area under its precision-recall curve; null likewise.</param>
/// <param name="Confused">What it is mistaken for most often; null where it never is.</param>
/// <param name="ConfusedCount">How often.</param>
internal sealed record ClassRow(string Name, long Samples, double Precision, double Recall, double F1, double? RocAuc, double? AveragePrecision, int? Confused, long ConfusedCount)
{
    internal static ClassRow Of(ConfusionMatrix matrix, int index, string name, RocCurve roc, PrecisionRecallCurve curve)
    {
        ClassScores scores = matrix.Class(index);
        int? confused = matrix.MostMistakenFor(index);
        return new ClassRow(name, scores.Support, scores.Precision, scores.Recall, scores.F1, Number(roc.Area), double.IsNaN(roc.Area) ? null : Number(curve.AveragePrecision), confused, confused is { } other ? matrix[index, other] : 0);
    }

    /// <summary>JSON has no way to write what is not a number.</summary>
    internal static double? Number(double value) => double.IsFinite(value) ? value : null;
}
