using System.Globalization;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>Judges a model on a data set, with ONNX Runtime.</summary>
internal static class EvaluationWork
{
    /// <summary>Judges.</summary>
    /// <exception cref="DataException">The data do not fit the model.</exception>
    /// <exception cref="ToolException">Models of this kind are judged elsewhere.</exception>
    internal static EvaluationResult Run(JudgedModel model, ModelCard? card, JudgedSource source, EvaluationOptions options, CancellationToken cancellation)
    {
        if (card?.Task is ModelTask.Detect or ModelTask.Segment)
        {
            throw new ToolException($"{model.Source}: its task is {card.Task}; here classifiers, regressions and anomaly detectors are judged");
        }
        Dataset data = source.Test;
        JudgedData judged = JudgedData.Choose(data, options.Limit, options.Seed, options.GroupFile);
        SampleFeed feed = SampleFeed.Of(model, card, data);
        using var runner = new ModelRunner(model, card, feed, options.Threads);
        Predictions raw = runner.Predict(judged.Indices, "eval", cancellation);
        var result = new EvaluationResult { Model = model, Card = card, Feed = feed };
        if (RebuildsInput(source, card, raw.Width, feed))
        {
            return result with { Anomaly = AnomalyWork.Judge(raw, feed, options.Normal.Count == 0 ? options with { Normal = source.Normal } : options) };
        }
        return data.TargetKind == TargetKind.Values
            ? result with { Regression = Regression(raw, data, model.Source) }
            : result with { Classification = ClassificationWork.Judge(raw.AsLogits(data.ClassNames.Count, Predictions.Kind(model, card)), data.ClassNames, judged.Groups, options, model.Source) };
    }

    /// <summary>Whether what a model gives is its input again, so that it is judged by what it fails to rebuild.</summary>
    internal static bool RebuildsInput(JudgedSource source, ModelCard? card, int width, SampleFeed feed) =>
        source.IsAutoencoder || feed.Data.TargetKind == TargetKind.Input || card?.Task == ModelTask.Anomaly
        || (width == feed.SampleLength && width != feed.Data.ClassNames.Count && feed.Data.TargetKind == TargetKind.Class);

    private static RegressionResult Regression(Predictions raw, Dataset data, string source)
    {
        if (raw.Outputs.Length != raw.Targets.Length)
        {
            throw new DataException($"{source}: gives {raw.Width} values, a sample of {data.Name} has {raw.Targets.Length / Math.Max(1, raw.Indices.Length)}; use the data it was made for");
        }
        var all = new RegressionMetrics();
        all.Add(raw.Outputs, raw.Targets);
        var columns = new List<(string, RegressionMetrics)>();
        for (int column = 0; raw.Width > 1 && column < raw.Width; column++)
        {
            var metrics = new RegressionMetrics();
            for (int place = column; place < raw.Outputs.Length; place += raw.Width)
            {
                metrics.Add(raw.Outputs.AsSpan(place, 1), raw.Targets.AsSpan(place, 1));
            }
            columns.Add((column < data.ClassNames.Count ? data.ClassNames[column] : column.ToString(CultureInfo.InvariantCulture), metrics));
        }
        return new RegressionResult(raw, all, columns);
    }
}
