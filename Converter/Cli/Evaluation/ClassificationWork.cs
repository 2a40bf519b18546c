using System.Globalization;
using Edge.Foundation;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>Judges a classifier by what it says about samples.</summary>
internal static class ClassificationWork
{
    /// <summary>Judges.</summary>
    /// <param name="logits">What it says, one logit a class.</param>
    /// <param name="names">The names of the data set's classes.</param>
    /// <param name="groups">The group of each sample; null where none are known.</param>
    /// <param name="options">How.</param>
    /// <param name="source">What messages call the model.</param>
    /// <exception cref="DataException">The model tells fewer classes apart, or a sample has no class.</exception>
    internal static ClassificationResult Judge(Predictions logits, IReadOnlyList<string> names, IReadOnlyList<string>? groups, EvaluationOptions options, string source)
    {
        int classes = logits.Width;
        if (classes < names.Count || Array.Exists(logits.Labels, label => label < 0 || label >= classes))
        {
            throw new DataException($"{source}: gives {classes} values, the data set has {names.Count} classes; use the data it was made for");
        }
        (int[] fit, int[] judged) = Divide(logits.Indices.Length, options);
        double? temperature = fit.Length > 0 ? Temperature(logits.Part(fit)) : null;
        Predictions rest = fit.Length > 0 ? logits.Part(judged) : logits;
        float[] probabilities = Softmax.Rows(rest.Outputs, classes);
        int[] predicted = rest.Classes();
        ConfusionMatrix matrix = ConfusionMatrix.Of(rest.Labels, predicted, classes);
        RocCurve[] roc = [.. Enumerable.Range(0, classes).Select(index => RocCurve.OneAgainstRest(probabilities, rest.Labels, classes, index))];
        PrecisionRecallCurve[] curves = [.. Enumerable.Range(0, classes).Select(index => PrecisionRecallCurve.OneAgainstRest(probabilities, rest.Labels, classes, index))];
        string[] all = [.. Enumerable.Range(0, classes).Select(index => index < names.Count ? names[index] : index.ToString(CultureInfo.InvariantCulture))];
        return new ClassificationResult
        {
            Predictions = rest,
            Probabilities = probabilities,
            Names = all,
            Matrix = matrix,
            AccuracyInterval = ConfidenceInterval.OfShare(matrix.Correct, matrix.Count),
            F1Interval = ConfidenceInterval.Bootstrap(predicted.Length, sample => MacroF1(rest.Labels, predicted, sample, classes), options.Seed),
            TopK = options.TopK.Where(k => k < classes).Distinct().Order().ToDictionary(k => k, k => TopK.Accuracy(rest.Outputs, rest.Labels, classes, k)),
            Roc = roc,
            PrecisionRecall = curves,
            Classes = [.. Enumerable.Range(0, classes).Select(index => ClassRow.Of(matrix, index, all[index], roc[index], curves[index]))],
            Calibration = new CalibrationFacts(
                Calibration.Of(probabilities, rest.Labels, classes, options.Bins),
                temperature,
                fit.Length,
                temperature is { } value ? Calibration.Of(Softmax.Rows(rest.Outputs, classes, value), rest.Labels, classes, options.Bins) : null),
            Groups = groups is null ? null : GroupAccuracy.Of([.. judged.Select(sample => groups[sample])], [.. rest.Labels.Select((label, sample) => label == predicted[sample])]),
        };
    }

    private static (int[] Fit, int[] Judged) Divide(int count, EvaluationOptions options)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }
        int fit = (int)(count * options.CalibrationShare);
        if (fit == 0)
        {
            return ([], order);
        }
        new SplitMix64(SplitMix64.Mix(options.Seed, 0xCA11)).Shuffle(order);
        Array.Sort(order, fit, count - fit);
        return (order[..fit], order[fit..]);
    }

    private static double Temperature(Predictions part) => TemperatureScaling.Fit(part.Outputs, part.Labels, part.Width);

    private static double MacroF1(int[] labels, int[] predicted, int[] sample, int classes)
    {
        var matrix = new ConfusionMatrix(classes);
        foreach (int index in sample)
        {
            matrix.Add(labels[index], predicted[index]);
        }
        return matrix.Macro().F1;
    }
}
