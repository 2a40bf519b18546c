using Edge.Cli.Evaluation;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Judging;
using Edge.Judging.Explaining;
using Edge.Packages;
using Edge.Training;

namespace Edge.Cli.Explaining;

/// <summary>Explains pictures by heat maps: Grad-CAM and integrated gradients on the training engine, occlusion on ONNX Runtime.</summary>
internal sealed class PictureExplainer : IExplainer, IDisposable
{
    // A window of a seventh of the side, moved by half of it.
    private const int WindowsPerSide = 7;

    private readonly SampleFeed _feed;
    private readonly ModelRunner _runner;
    private readonly ScoreKind _kind;
    private readonly ExplainOptions _options;
    private readonly string[] _methods;
    private readonly DifferentiableModel? _model;
    private readonly PictureSize _size;

    /// <summary>Prepares what the methods need; those that were not asked for by name and do not work are left out with a note.</summary>
    internal PictureExplainer(JudgedModel model, SampleFeed feed, ModelRunner runner, ScoreKind kind, ExplainOptions options, List<string> notes)
    {
        _feed = feed;
        _runner = runner;
        _kind = kind;
        _options = options;
        _size = feed.Picture!.Value;
        var methods = new List<string>(options.Wanted.Count > 0 ? options.Wanted : ExplainOptions.Methods);
        if (methods.Contains(ExplainOptions.GradCam))
        {
            Layer = options.Layer is { } name ? FeatureMaps.Find(model.Model, name).Name : FeatureMaps.Last(model.Model)?.Name;
            if (Layer is null)
            {
                LeaveOut(methods, notes, ExplainOptions.GradCam, $"{model.Source}: has no feature map [N,C,H,W] for Grad-CAM");
            }
        }
        if (methods.Exists(method => method != ExplainOptions.Occlusion))
        {
            try
            {
                _model = new DifferentiableModel(model.Model, feed.Shape, model.Source, Layer);
                // An operator without a gradient shows only when it runs.
                float[] gradients = new float[feed.SampleLength];
                _model.ScoreGradients(feed.ToModel(new float[feed.SampleLength]), [0], gradients);
            }
            catch (InputException e) when (e is TrainingException or JudgingException or UnsupportedOperatorException && options.Wanted.Count == 0)
            {
                _model?.Dispose();
                _model = null;
                LeaveOut(methods, notes, ExplainOptions.GradCam, e.Message);
                methods.Remove(ExplainOptions.IntegratedGradients);
                Layer = null;
            }
        }
        _methods = [.. methods];
    }

    /// <inheritdoc/>
    public string? Layer { get; }

    /// <inheritdoc/>
    public Explanation Explain(int index, int target, Explanation facts)
    {
        float[] levels = _feed.Read(index);
        float[] input = _feed.ToModel(levels);
        return facts with { Levels = levels, Maps = [.. _methods.Select(method => Map(method, levels, input, target))] };
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();

    private PictureMap Map(string method, float[] levels, float[] input, int target)
    {
        switch (method)
        {
            case ExplainOptions.GradCam:
                return new PictureMap(method, GradCam.Of(_model!, input, ScoreOf(target)), null);
            case ExplainOptions.IntegratedGradients:
                float[] black = _feed.ToModel(new float[levels.Length]);
                Attribution attribution = IntegratedGradients.Of(_model!, input, black, ScoreOf(target), _options.Steps);
                return new PictureMap(method, HeatMap.OfChannels(_feed.InDataOrder(attribution.Values), _size), attribution);
            default:
                int window = Math.Max(2, Math.Min(_size.Height, _size.Width) / WindowsPerSide);
                return new PictureMap(method, Occlusion.Map(levels, _size, window, Math.Max(1, window / 2), levels.Average(), (pictures, count) => Scores(pictures, count, target)), null);
        }
    }

    // A model of one score for two classes says nothing of the first but by its sign; both are explained by that score.
    private int ScoreOf(int target) => _runner.Width == 1 ? 0 : target;

    private float[] Scores(float[] pictures, int count, int target)
    {
        float[] outputs = _runner.Run(_feed.ToModel(pictures), count);
        Predictions logits = new Predictions([], outputs, _runner.Width, [], []).AsLogits(_feed.Data.ClassNames.Count, _kind);
        return [.. Enumerable.Range(0, count).Select(sample => CentredScore.Of(logits.Row(sample), target))];
    }

    private void LeaveOut(List<string> methods, List<string> notes, string method, string why)
    {
        if (_options.Wanted.Contains(method))
        {
            throw new ToolException($"{why}; use --method {ExplainOptions.Occlusion}");
        }
        methods.Remove(method);
        notes.Add(why);
    }
}
