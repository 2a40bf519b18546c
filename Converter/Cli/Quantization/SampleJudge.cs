using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Cli.Training;
using Edge.Graph;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Quantization;

/// <summary>
/// Accuracy or F1 of a classifier, the coefficient of determination of a regression, or the area under the curve of a model that
/// rebuilds its input, on the samples of a data set.
/// </summary>
internal sealed class SampleJudge : ModelJudge
{
    internal const string Accuracy = "accuracy";
    internal const string F1 = "f1";

    private readonly JudgedModel _model;
    private readonly ModelCard? _card;
    private readonly JudgedSource _source;
    private readonly SampleFeed _feed;
    private readonly int[] _indices;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    /// <summary>Chooses the samples.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="card">What it expects and gives; null where nobody says.</param>
    /// <param name="source">Samples with classes or values.</param>
    /// <param name="metric">What classifiers are judged by; anything but <see cref="F1"/> is accuracy.</param>
    /// <param name="limit">At most how many samples; 0 takes all.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    internal SampleJudge(JudgedModel model, ModelCard? card, JudgedSource source, string? metric, int limit, int threads, CancellationToken cancellation)
    {
        (_model, _card, _source, _threads, _cancellation) = (model, card, source, threads, cancellation);
        _feed = SampleFeed.Of(model, card, source.Test);
        _indices = JudgedData.Choose(source.Test, limit, seed: 1).Indices;
        Metric = EvaluationWork.RebuildsInput(source, card, OutputWidth(model.Model), _feed) ? "AUROC"
            : source.Test.TargetKind switch
            {
                TargetKind.Values => "R²",
                TargetKind.Class => metric == F1 ? F1 : Accuracy,
                _ => throw new DataException($"{source.Test.Name}: has neither classes nor values to judge by; give --eval other data, or none"),
            };
    }

    /// <inheritdoc/>
    internal override string Metric { get; }

    /// <inheritdoc/>
    internal override int Samples => _indices.Length;

    /// <inheritdoc/>
    internal override double Judge(OnnxModel model)
    {
        JudgedModel judged = _model with { Model = model };
        using var runner = new ModelRunner(judged, _card, _feed, _threads);
        Predictions raw = runner.Predict(_indices, "judge", _cancellation);
        switch (Metric)
        {
            case "AUROC":
                return AnomalyWork.Judge(raw, _feed, new EvaluationOptions { Normal = _source.Normal }).Roc.Area;
            case "R²":
                if (raw.Outputs.Length != raw.Targets.Length)
                {
                    throw new DataException($"{_model.Source}: gives {raw.Width} values, a sample of {_feed.Data.Name} has {raw.Targets.Length / Math.Max(1, raw.Indices.Length)}; use the data it was made for");
                }
                var values = new RegressionMetrics();
                values.Add(raw.Outputs, raw.Targets);
                return values.R2;
        }
        // What the scores are is read from the float model: a quantized one may end in another node.
        Predictions logits = raw.AsLogits(_feed.Data.ClassNames.Count, Predictions.Kind(_model, _card));
        if (logits.Width < _feed.Data.ClassNames.Count)
        {
            throw new DataException($"{_model.Source}: gives {logits.Width} classes, {_feed.Data.Name} has {_feed.Data.ClassNames.Count}; use the data it was made for");
        }
        var classes = new ClassificationMetrics(logits.Width);
        classes.Add(logits.Outputs, [.. logits.Labels.Select(label => (long)label)]);
        return Metric == F1 ? ModelScores.F1(classes) : classes.Accuracy;
    }

    private static int OutputWidth(OnnxModel model) =>
        (int)(model.Graph.Outputs[0].Shape?.Dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * (dimension.Size ?? 0)) ?? 0);
}
