using Edge.Cli.Evaluation;
using Edge.Judging;
using Edge.Judging.Explaining;

namespace Edge.Cli.Explaining;

/// <summary>Explains readings: how much each column at each step speaks for the class, against the mean sample.</summary>
internal sealed class ReadingsExplainer : IExplainer, IDisposable
{
    private readonly SampleFeed _feed;
    private readonly float[] _baseline;
    private readonly int _steps;
    private readonly DifferentiableModel _model;

    internal ReadingsExplainer(JudgedModel model, SampleFeed feed, float[] baseline, int steps)
    {
        _feed = feed;
        _baseline = baseline;
        _steps = steps;
        _model = new DifferentiableModel(model.Model, feed.Shape, model.Source);
    }

    /// <inheritdoc/>
    public Explanation Explain(int index, int target, Explanation facts)
    {
        float[] input = _feed.ToModel(_feed.Read(index));
        _ = _model.Scores(input, 1);
        return facts with { Readings = IntegratedGradients.Of(_model, input, _feed.ToModel(_baseline), _model.ScoreCount == 1 ? 0 : target, _steps) };
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
