using Edge.Cli.Evaluation;
using Edge.Cli.Models;
using Edge.Graph;
using Edge.Training.Data;

namespace Edge.Cli.Quantization;

/// <summary>Accuracy of a classifier, or the coefficient of determination of a regression, on the samples of a data set.</summary>
internal sealed class SampleJudge : ModelJudge
{
    private readonly JudgedModel _model;
    private readonly ModelCard? _card;
    private readonly SampleFeed _feed;
    private readonly int[] _indices;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    internal SampleJudge(JudgedModel model, ModelCard? card, Dataset data, int limit, int threads, CancellationToken cancellation)
    {
        if (data.TargetKind is not (TargetKind.Class or TargetKind.Values))
        {
            throw new DataException($"{data.Name}: has neither classes nor values to judge by; give --eval other data, or none");
        }
        (_model, _card, _threads, _cancellation) = (model, card, threads, cancellation);
        _feed = SampleFeed.Of(model, card, data);
        _indices = JudgedData.Choose(data, limit, seed: 1).Indices;
    }

    /// <inheritdoc/>
    internal override string Metric => _feed.Data.TargetKind == TargetKind.Class ? "accuracy" : "R²";

    /// <inheritdoc/>
    internal override int Samples => _indices.Length;

    /// <inheritdoc/>
    internal override double Judge(OnnxModel model)
    {
        JudgedModel judged = _model with { Model = model };
        using var runner = new ModelRunner(judged, _card, _feed, _threads);
        Predictions raw = runner.Predict(_indices, "judge", _cancellation);
        if (_feed.Data.TargetKind == TargetKind.Class)
        {
            // What the scores are is read from the float model: a quantized one may end in another node.
            int[] classes = raw.AsLogits(_feed.Data.ClassNames.Count, Predictions.Kind(_model, _card)).Classes();
            return classes.Zip(raw.Labels).Count(pair => pair.First == pair.Second) / (double)classes.Length;
        }
        double mean = raw.Targets.Average();
        double rest = raw.Outputs.Zip(raw.Targets).Sum(pair => Math.Pow(pair.First - (double)pair.Second, 2));
        return 1 - (rest / Math.Max(double.Epsilon, raw.Targets.Sum(target => Math.Pow(target - mean, 2))));
    }
}
