using Edge.Foundation;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>Judges a model that rebuilds its input by how far off it is.</summary>
internal static class AnomalyWork
{
    /// <summary>Judges.</summary>
    /// <param name="rebuilt">What the model makes of each sample.</param>
    /// <param name="feed">The samples.</param>
    /// <param name="options">How.</param>
    /// <exception cref="DataException">A class is not known, or no sample is normal.</exception>
    internal static AnomalyResult Judge(Predictions rebuilt, SampleFeed feed, EvaluationOptions options)
    {
        IReadOnlyList<string> names = feed.Data.ClassNames;
        string[] normal = names.Count == 0 ? [] : options.Normal.Count == 0 ? [names[0]] : [.. options.Normal];
        if (Array.Find(normal, name => !names.Contains(name)) is { } unknown)
        {
            string hint = NearestName.Of(unknown, names) is { } near ? $"did you mean '{near}'?" : $"there are {string.Join(", ", names)}";
            throw new DataException($"--normal {unknown}: not a class of {feed.Data.Name}; {hint}");
        }
        bool[] anomalous = [.. rebuilt.Labels.Select(label => label >= 0 && label < names.Count && !normal.Contains(names[label]))];
        if (!anomalous.Contains(false))
        {
            throw new DataException($"{feed.Data.Name}: no sample that was looked at is of {string.Join(", ", normal)}; name a normal class with --normal");
        }
        float[] errors = [.. Enumerable.Range(0, rebuilt.Indices.Length).Select(sample => Error(feed.ToModel(feed.Read(rebuilt.Indices[sample])), rebuilt.Row(sample)))];
        return new AnomalyResult(
            rebuilt.Indices, errors, anomalous, normal, RocCurve.Of(errors, anomalous), PrecisionRecallCurve.Of(errors, anomalous),
            AnomalyThreshold.Suggest(errors, anomalous, options.FalsePositiveRate));
    }

    private static float Error(ReadOnlySpan<float> input, ReadOnlySpan<float> output)
    {
        double sum = 0;
        for (int i = 0; i < input.Length; i++)
        {
            double error = (double)output[i] - input[i];
            sum += error * error;
        }
        return (float)(sum / input.Length);
    }
}
