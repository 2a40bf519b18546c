using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>An evaluation as <c>edge eval --json</c> prints it.</summary>
internal static class EvaluationJson
{
    internal static object Of(EvaluationResult evaluation)
    {
        (string model, string data, int samples) = (evaluation.Model.Source, evaluation.Feed.Data.Name, evaluation.Samples);
        if (evaluation.Classification is { } result)
        {
            ConfusionMatrix matrix = result.Matrix;
            return new
            {
                model,
                data,
                samples,
                accuracy = matrix.Accuracy,
                accuracyInterval = result.AccuracyInterval,
                loss = result.Calibration.Before.LogLoss,
                topK = result.TopK.ToDictionary(item => $"{item.Key}", item => item.Value),
                macro = matrix.Macro(),
                macroF1Interval = result.F1Interval,
                weighted = matrix.Weighted(),
                micro = matrix.Micro(),
                rocAuc = Mean(result.Classes.Select(row => row.RocAuc)),
                averagePrecision = Mean(result.Classes.Select(row => row.AveragePrecision)),
                calibration = new { before = result.Calibration.Before, temperature = result.Calibration.Temperature, fittedOn = result.Calibration.Temperature is null ? (int?)null : result.Calibration.FittedOn, after = result.Calibration.After },
                classes = result.Classes,
                confusion = matrix.ToRows(),
                groups = result.Groups,
                largestGap = result.Groups is null ? (double?)null : GroupAccuracy.LargestGap(result.Groups),
            };
        }
        if (evaluation.Regression is { } regression)
        {
            return new { model, data, samples, regression = regression.All, columns = regression.Columns.Count == 0 ? null : regression.Columns.ToDictionary(item => item.Name, item => item.Metrics) };
        }
        AnomalyResult anomaly = evaluation.Anomaly!;
        return new
        {
            model,
            data,
            samples,
            anomaly = new
            {
                normal = anomaly.NormalClasses,
                anomalies = anomaly.Anomalous.Count(isAnomaly => isAnomaly),
                rocAuc = ClassRow.Number(anomaly.Roc.Area),
                averagePrecision = ClassRow.Number(anomaly.PrecisionRecall.AveragePrecision),
                threshold = anomaly.Suggested.Threshold,
                falsePositiveRate = anomaly.Suggested.FalsePositiveRate,
                truePositiveRate = ClassRow.Number(anomaly.Suggested.TruePositiveRate),
                meanErrorNormal = ClassRow.Number(MeanError(anomaly, isAnomaly: false)),
                meanErrorAnomalous = ClassRow.Number(MeanError(anomaly, isAnomaly: true)),
            },
        };
    }

    /// <summary>The mean of those that are there; null where none is.</summary>
    internal static double? Mean(IEnumerable<double?> values)
    {
        double[] known = [.. values.Where(value => value is not null).Select(value => value!.Value)];
        return known.Length == 0 ? null : known.Average();
    }

    /// <summary>The mean error of the usual or of the unusual samples.</summary>
    internal static double MeanError(AnomalyResult anomaly, bool isAnomaly)
    {
        float[] errors = [.. anomaly.Errors.Where((_, sample) => anomaly.Anomalous[sample] == isAnomaly)];
        return errors.Length == 0 ? double.NaN : errors.Average();
    }
}
