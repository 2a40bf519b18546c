using System.Globalization;
using Edge.Judging;
using Edge.Reports;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>An evaluation as sections of a page.</summary>
internal static class EvaluationPage
{
    private const int MostCurves = 12;
    private const int CurvePoints = 250;
    private const int WorstPictures = 24;

    /// <summary>Adds the sections.</summary>
    internal static void AddTo(HtmlReport page, EvaluationResult evaluation)
    {
        if (evaluation.Classification is { } result)
        {
            Classification(page, evaluation, result);
        }
        else if (evaluation.Regression is { } regression)
        {
            Regression(page, regression);
        }
        else
        {
            Anomaly(page, evaluation.Anomaly!);
        }
    }

    private static void Classification(HtmlReport page, EvaluationResult evaluation, ClassificationResult result)
    {
        ConfusionMatrix matrix = result.Matrix;
        Calibration calibration = result.Calibration.Before;
        page.Tiles(
            [
                new Tile(Text($"{matrix.Accuracy:P2}"), Text($"accuracy, 95 % between {result.AccuracyInterval.Low:P1} and {result.AccuracyInterval.High:P1}")),
                new Tile(Text($"{matrix.Macro().F1:F3}"), Text($"macro F1, between {result.F1Interval.Low:F3} and {result.F1Interval.High:F3}")),
                .. result.TopK.Take(1).Select(item => new Tile(Text($"{item.Value:P2}"), $"has its class among the best {item.Key}")),
                new Tile(Text($"{EvaluationJson.Mean(result.Classes.Select(row => row.RocAuc)) ?? 0:F4}"), "ROC-AUC, mean over the classes"),
                new Tile(Text($"{calibration.ExpectedError:P2}"), "calibration error (ECE)"),
                new Tile(Text($"{calibration.LogLoss:F3}"), "log loss"),
            ])
            .Section("What is taken for what", "True class by row, predicted class by column; the colour follows the mistakes.")
            .Chart(Charts.ConfusionMatrix(result.Names, Square(matrix)), Math.Clamp(160 + (36 * result.Names.Count), 300, 900))
            .Section("By class")
            .Table(
                ["class", "samples", "precision", "recall", "F1", "ROC-AUC", "average precision", "taken most often for"],
                result.Classes.Select(row => (string[])[row.Name, Text($"{row.Samples:N0}"), Share(row.Precision), Share(row.Recall), Share(row.F1), Share(row.RocAuc), Share(row.AveragePrecision), row.Confused is { } other ? $"{result.Names[other]} ({row.ConfusedCount})" : ""]));
        int[] shown = Shown(result);
        page.Section("Over all thresholds", $"Each class against the rest{(shown.Length < result.Names.Count ? $"; the {MostCurves} hardest classes" : "")}.")
            .ChartRow(
                [
                    JudgingCharts.UnitCurves("false positive rate", "true positive rate", [.. shown.Select(index => Curve(result.Names[index], result.Roc[index].Points.Select(point => (point.FalsePositiveRate, point.TruePositiveRate))))], diagonal: true),
                    JudgingCharts.UnitCurves("recall", "precision", [.. shown.Select(index => Curve(result.Names[index], result.PrecisionRecall[index].Points.Select(point => (point.Recall, point.Precision))))]),
                ],
                400);
        Calibrated(page, result);
        if (result.Groups is { } groups)
        {
            page.Section("By group", Text($"Accuracy with its 95 % interval. The largest gap is {GroupAccuracy.LargestGap(groups):P2}."))
                .Chart(JudgingCharts.BarsOf("accuracy", [.. groups.Select(group => new Bar(Text($"{group.Group} ({group.Count:N0})"), group.Accuracy, group.Interval.Low, group.Interval.High))], fromZero: false), 90 + (30 * groups.Count));
        }
        Worst(page, evaluation, result);
    }

    private static void Calibrated(HtmlReport page, ClassificationResult result)
    {
        CalibrationFacts facts = result.Calibration;
        page.Section("Is it as sure as it is right?", facts is { Temperature: { } temperature, After: { } after }
            ? Text($"Left as it is (calibration error {facts.Before.ExpectedError:P2}), right with the temperature {temperature:F3} that was fitted to {facts.FittedOn:N0} other samples ({after.ExpectedError:P2}). Calibrated, bars and points lie on the diagonal.")
            : Text($"Of the predictions that the model is 80 % sure of, 80 % should be right: calibrated, bars and points lie on the diagonal. Calibration error {facts.Before.ExpectedError:P2}, worst range {facts.Before.LargestError:P2}."));
        page.ChartRow([.. new[] { facts.Before, facts.After }.Where(item => item is not null).Select(item => JudgingCharts.Reliability([.. item!.Bins.Select(bin => new ConfidenceBin(bin.From, bin.To, bin.Confidence, bin.Accuracy, bin.Count))]))], 360);
    }

    private static void Worst(HtmlReport page, EvaluationResult evaluation, ClassificationResult result)
    {
        Predictions predictions = result.Predictions;
        int[] taken = predictions.Classes();
        int classes = predictions.Width;
        int[] worst = [.. Enumerable.Range(0, taken.Length).Where(sample => taken[sample] != predictions.Labels[sample]).OrderByDescending(sample => result.Probabilities[(sample * classes) + taken[sample]]).Take(WorstPictures)];
        if (worst.Length == 0)
        {
            return;
        }
        page.Section("Most sure, and wrong", "What it is, and what the model took it for: mislabelled samples often stand here.");
        if (evaluation.Feed.Picture is not { } size)
        {
            page.Table(["sample", "is", "taken for", "probability"], worst.Select(sample => (string[])[$"{predictions.Indices[sample]}", result.Names[predictions.Labels[sample]], result.Names[taken[sample]], Text($"{result.Probabilities[(sample * classes) + taken[sample]]:P1}")]));
            return;
        }
        page.Pictures(worst.Select(sample => new Picture(
            PictureCodec.Png(evaluation.Feed.Read(predictions.Indices[sample]), size),
            result.Names[predictions.Labels[sample]],
            Text($"{result.Names[taken[sample]]} {result.Probabilities[(sample * classes) + taken[sample]]:P0}").Replace(" %", "\u00a0%", StringComparison.Ordinal),
            false)));
    }

    private static void Regression(HtmlReport page, RegressionResult result)
    {
        RegressionMetrics all = result.All;
        page.Tiles(
            new Tile(Text($"{all.R2:F3}"), "R²: share of the variance explained"),
            new Tile(Text($"{all.MeanAbsoluteError:G4}"), "mean absolute error"),
            new Tile(Text($"{all.RootMeanSquaredError:G4}"), "root of the mean squared error"),
            new Tile(Text($"{all.Bias:G3}"), "bias"),
            new Tile(Text($"{all.LargestError:G4}"), "largest error"));
        int step = Math.Max(1, result.Predictions.Outputs.Length / 3000);
        (double, double)[] points = [.. Enumerable.Range(0, result.Predictions.Outputs.Length).Where(place => place % step == 0).Select(place => ((double)result.Predictions.Targets[place], (double)result.Predictions.Outputs[place]))];
        page.Section("Predicted against true").Chart(JudgingCharts.Scatter("true value", "predicted value", points), 420);
        if (result.Columns.Count > 0)
        {
            page.Section("By value").Table(["value", "R²", "MAE", "RMSE", "bias"], result.Columns.Select(column => (string[])[column.Name, Share(column.Metrics.R2), Text($"{column.Metrics.MeanAbsoluteError:G4}"), Text($"{column.Metrics.RootMeanSquaredError:G4}"), Text($"{column.Metrics.Bias:G3}")]));
        }
    }

    private static void Anomaly(HtmlReport page, AnomalyResult result)
    {
        page.Tiles(
            new Tile(Share(ClassRow.Number(result.Roc.Area)), "ROC-AUC"),
            new Tile(Share(ClassRow.Number(result.PrecisionRecall.AveragePrecision)), "average precision"),
            new Tile(Text($"{result.Suggested.Threshold:G4}"), "suggested threshold"),
            new Tile(Text($"{result.Suggested.TruePositiveRate:P1}"), "of the anomalies are found with it"),
            new Tile(Text($"{result.Suggested.FalsePositiveRate:P1}"), "of the normal samples raise an alarm"));
        page.Section("How far off the model is", "How many samples have which reconstruction error.")
            .Chart(JudgingCharts.Histogram("reconstruction error", [("normal", Errors(result, false)), ("anomalous", Errors(result, true))], result.Suggested.Threshold))
            .Section("Over all thresholds")
            .ChartRow(
                [
                    JudgingCharts.UnitCurves("false positive rate", "true positive rate", [Curve("anomalies", result.Roc.Points.Select(point => (point.FalsePositiveRate, point.TruePositiveRate)))], diagonal: true),
                    JudgingCharts.UnitCurves("recall", "precision", [Curve("anomalies", result.PrecisionRecall.Points.Select(point => (point.Recall, point.Precision)))]),
                ],
                360);
    }

    private static double[] Errors(AnomalyResult result, bool isAnomaly) => [.. result.Errors.Where((_, sample) => result.Anomalous[sample] == isAnomaly).Select(error => (double)error)];

    private static int[] Shown(ClassificationResult result) =>
        [.. Enumerable.Range(0, result.Names.Count).Where(index => result.Classes[index].RocAuc is not null).OrderBy(index => result.Classes[index].RocAuc).Take(MostCurves).Order()];

    // As many points as a chart of some hundred pixels can show.
    private static Series Curve(string name, IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] all = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        return new Series(name, all.Length <= CurvePoints ? all : [.. Enumerable.Range(0, CurvePoints).Select(i => all[(int)((long)i * (all.Length - 1) / (CurvePoints - 1))])]);
    }

    private static long[,] Square(ConfusionMatrix matrix)
    {
        var counts = new long[matrix.Classes, matrix.Classes];
        for (int truth = 0; truth < matrix.Classes; truth++)
        {
            for (int guess = 0; guess < matrix.Classes; guess++)
            {
                counts[truth, guess] = matrix[truth, guess];
            }
        }
        return counts;
    }

    private static string Share(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "–";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
