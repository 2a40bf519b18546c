using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>An evaluation as tables on the terminal.</summary>
internal static class EvaluationPrinter
{
    internal static void Print(EvaluationResult evaluation)
    {
        string on = $"{evaluation.Model.Source} on {evaluation.Feed.Data.Name}, {evaluation.Samples.ToString("N0", CultureInfo.InvariantCulture)} samples";
        if (evaluation.Classification is { } result)
        {
            Print(on, result);
        }
        else if (evaluation.Regression is { } regression)
        {
            Screen.Line(on);
            Screen.Table(["value", "R²", "MAE", "RMSE", "MSE", "bias", "largest error"], [.. regression.Columns.Select(column => Row(column.Name, column.Metrics)), Row("all", regression.All)]);
        }
        else
        {
            Print(on, evaluation.Anomaly!);
        }
    }

    private static void Print(string on, ClassificationResult result)
    {
        ConfusionMatrix matrix = result.Matrix;
        Calibration calibration = result.Calibration.Before;
        string topK = string.Concat(result.TopK.Select(item => Text($", top-{item.Key} {item.Value:P2}")));
        Screen.Line(Text($"{on}: accuracy {matrix.Accuracy:P2} ({result.AccuracyInterval.Low:P2} to {result.AccuracyInterval.High:P2}){topK}, loss {calibration.LogLoss:F4}"));
        Screen.Table(
            ["class", "samples", "precision", "recall", "F1", "ROC-AUC", "avg. precision", "taken most often for"],
            [
                .. result.Classes.Select(row => (string[])[row.Name, $"{row.Samples}", Share(row.Precision), Share(row.Recall), Share(row.F1), Share(row.RocAuc), Share(row.AveragePrecision), row.Confused is { } other ? $"{result.Names[other]} ({row.ConfusedCount})" : ""]),
                Mean("macro mean", matrix.Macro(), result),
                Mean("weighted mean", matrix.Weighted(), null),
            ]);
        Screen.Line(Text($"macro F1 {matrix.Macro().F1:F3} ({result.F1Interval.Low:F3} to {result.F1Interval.High:F3}); calibration error {calibration.ExpectedError:P2}, worst range {calibration.LargestError:P2}, Brier score {calibration.Brier:F4}"));
        if (result.Calibration is { Temperature: { } temperature, After: { } after })
        {
            Screen.Line(Text($"temperature {temperature:F3}, fitted to {result.Calibration.FittedOn:N0} other samples: calibration error {after.ExpectedError:P2}, loss {after.LogLoss:F4}"));
        }
        if (result.Groups is { } groups)
        {
            Screen.Table(["group", "samples", "accuracy", "95 % of it"], groups.Select(group => (string[])[group.Group, Text($"{group.Count:N0}"), Text($"{group.Accuracy:P2}"), Text($"{group.Interval.Low:P1} to {group.Interval.High:P1}")]));
            Screen.Line(Text($"largest gap between groups {GroupAccuracy.LargestGap(groups):P2}"));
        }
    }

    private static void Print(string on, AnomalyResult anomaly)
    {
        AnomalyThreshold suggested = anomaly.Suggested;
        Screen.Line(on);
        Screen.Table(
            ["", "samples", "mean error", "above the threshold"],
            [
                ["normal", $"{anomaly.Anomalous.Count(item => !item)}", Text($"{EvaluationJson.MeanError(anomaly, isAnomaly: false):G4}"), Text($"{suggested.FalsePositiveRate:P2}")],
                ["anomalous", $"{anomaly.Anomalous.Count(item => item)}", Text($"{EvaluationJson.MeanError(anomaly, isAnomaly: true):G4}"), Text($"{suggested.TruePositiveRate:P2}")],
            ]);
        Screen.Line(Text($"ROC-AUC {Share(ClassRow.Number(anomaly.Roc.Area))}, average precision {Share(ClassRow.Number(anomaly.PrecisionRecall.AveragePrecision))}; suggested threshold {suggested.Threshold:G5}"));
    }

    private static string[] Mean(string name, ClassScores scores, ClassificationResult? result) =>
    [
        name, $"{scores.Support}", Share(scores.Precision), Share(scores.Recall), Share(scores.F1),
        result is null ? "" : Share(EvaluationJson.Mean(result.Classes.Select(row => row.RocAuc))), result is null ? "" : Share(EvaluationJson.Mean(result.Classes.Select(row => row.AveragePrecision))), "",
    ];

    private static string[] Row(string name, RegressionMetrics metrics) =>
        [name, Share(metrics.R2), Figure(metrics.MeanAbsoluteError), Figure(metrics.RootMeanSquaredError), Figure(metrics.MeanSquaredError), Figure(metrics.Bias), Figure(metrics.LargestError)];

    private static string Figure(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Share(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
