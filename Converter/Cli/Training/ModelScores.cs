using Edge.Training;
using Edge.Training.Metrics;

namespace Edge.Cli.Training;

/// <summary>What a model is worth, as figures by name.</summary>
internal static class ModelScores
{
    /// <summary>Figures of a judgement.</summary>
    internal static Dictionary<string, double> Of(Judgement judgement)
    {
        var scores = new Dictionary<string, double> { ["loss"] = judgement.Loss };
        if (judgement.Classes is { } classes)
        {
            scores["accuracy"] = classes.Accuracy;
            scores["f1"] = F1(classes);
        }
        if (judgement.Values is { } values)
        {
            scores["mse"] = values.MeanSquaredError;
            scores["mae"] = values.MeanAbsoluteError;
            scores["r2"] = values.R2;
        }
        if (judgement.Boxes is { } boxes)
        {
            scores["ap"] = boxes.Ap ?? 0;
            scores["ap50"] = boxes.Ap50 ?? 0;
            scores["ap75"] = boxes.Ap75 ?? 0;
        }
        return scores;
    }

    /// <summary>How well an autoencoder tells normal samples from others: the area under the curve of its reconstruction error.</summary>
    internal static double AnomalyAuc(Trainer trainer, TrainingData data, CancellationToken cancellation)
    {
        IReadOnlyList<double> errors = trainer.ReconstructionErrors(data.Test, cancellation);
        bool[] isAnomaly = [.. Enumerable.Range(0, errors.Count).Select(index => !data.Normal.Contains(data.Test.ClassNames[data.Test.ClassOf(index)]))];
        return RocCurve.Of([.. errors.Select(error => (float)error)], isAnomaly).Area;
    }

    /// <summary>The reconstruction error that one of a hundred usual samples exceeds: what is above counts as unusual on a device.</summary>
    internal static double AnomalyThreshold(Trainer trainer, TrainingData data, CancellationToken cancellation)
    {
        double[] errors = [.. trainer.ReconstructionErrors(data.Split.Validation ?? data.Train, cancellation).Order()];
        // A model that rebuilds everything exactly has no error; above nothing is what the manifest can say.
        return Math.Max(errors[(int)((errors.Length - 1) * 0.99)], float.Epsilon);
    }

    /// <summary>Of two classes the rarer one's F1, of more the mean.</summary>
    internal static double F1(ClassificationMetrics metrics)
    {
        double[] all = [.. Enumerable.Range(0, metrics.Classes).Select(index => F1(metrics, index))];
        return metrics.Classes != 2 ? all.Average() : Samples(metrics, 0) < Samples(metrics, 1) ? all[0] : all[1];
    }

    private static double F1(ClassificationMetrics metrics, int index)
    {
        long right = metrics.Confusion(index, index);
        long predicted = Enumerable.Range(0, metrics.Classes).Sum(other => metrics.Confusion(other, index));
        return right == 0 ? 0 : 2.0 * right / (predicted + Samples(metrics, index));
    }

    private static long Samples(ClassificationMetrics metrics, int index) => Enumerable.Range(0, metrics.Classes).Sum(other => metrics.Confusion(index, other));
}
