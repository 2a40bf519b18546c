using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Judging;
using Edge.Judging.Explaining;
using Edge.Packages;
using Edge.Training;
using Edge.Training.Data;

namespace Edge.Cli.Explaining;

/// <summary>
/// Explains texts: what the score of the class loses without each token in turn, which ONNX Runtime alone can say, and integrated
/// gradients at the vectors of the tokens, on the training engine.
/// </summary>
internal sealed class TokenExplainer : IExplainer, IDisposable
{
    private const int Batch = 64;

    private readonly ModelRunner _runner;
    private readonly ScoreKind _kind;
    private readonly JudgedSource _source;
    private readonly int _steps;
    private readonly bool _leavesOut;
    private readonly TokenGradients? _gradients;

    /// <summary>Prepares what the methods need; gradients that were not asked for by name and do not work are left out with a note.</summary>
    internal TokenExplainer(JudgedModel model, ModelRunner runner, ScoreKind kind, JudgedSource source, ExplainOptions options, List<string> notes)
    {
        (_runner, _kind, _source, _steps) = (runner, kind, source, options.Steps);
        IReadOnlyList<string> wanted = options.Wanted.Count > 0 ? options.Wanted : ExplainOptions.TextMethods;
        if (wanted.Except(ExplainOptions.TextMethods).FirstOrDefault() is { } other)
        {
            throw new ToolException($"--method {other}: is for pictures; for texts there are {string.Join(", ", ExplainOptions.TextMethods)}");
        }
        _leavesOut = wanted.Contains(ExplainOptions.Occlusion);
        if (wanted.Contains(ExplainOptions.IntegratedGradients))
        {
            TokenGradients? gradients = null;
            try
            {
                gradients = new TokenGradients(model.Model, model.Source);
                // An operator without a gradient shows only when it runs.
                _ = gradients.Of(new long[source.Test.Inputs[0].Length], 0, steps: 1);
                (_gradients, gradients) = (gradients, null);
            }
            catch (InputException e) when (e is TrainingException or JudgingException or UnsupportedOperatorException && options.Wanted.Count == 0)
            {
                notes.Add(e.Message);
            }
            finally
            {
                gradients?.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public Explanation Explain(int index, int target, Explanation facts)
    {
        var buffer = new SampleBuffer(_source.Test);
        buffer.Read(index);
        long[] tokens = buffer.Input<long>().ToArray();
        int[] places = [.. Enumerable.Range(0, tokens.Length).Where(place => tokens[place] != 0)];
        Attribution? vectors = _gradients?.Of(tokens, _runner.Width == 1 ? 0 : target, _steps);
        return facts with
        {
            Tokens = [.. places.Select(place => Name(tokens[place]))],
            Lost = _leavesOut ? Lost(tokens, places, target) : null,
            Vectors = vectors is null ? null : vectors with { Values = [.. places.Select(place => vectors.Values[place])] },
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _gradients?.Dispose();

    private double[] Lost(long[] tokens, int[] places, int target)
    {
        float whole = Scores([tokens], target)[0];
        return [.. places.Chunk(Batch).SelectMany(chunk => Scores([.. chunk.Select(place => Without(tokens, place))], target)).Select(score => (double)(whole - score))];
    }

    // The rest moves up, as if the word had never been written.
    private static long[] Without(long[] tokens, int place) => [.. tokens[..place], .. tokens[(place + 1)..], 0];

    private float[] Scores(long[][] samples, int target)
    {
        OnnxTensor tensor = OnnxTensor.From<long>([.. samples.SelectMany(sample => sample)], samples.Length, samples[0].Length);
        Predictions logits = new Predictions([], _runner.Run(tensor, samples.Length), _runner.Width, [], []).AsLogits(_source.Test.ClassNames.Count, _kind);
        return [.. Enumerable.Range(0, samples.Length).Select(sample => CentredScore.Of(logits.Row(sample), target))];
    }

    private string Name(long token) => _source.Vocabulary is { } vocabulary && token < vocabulary.Count ? vocabulary.Text((int)token) : token.ToString(CultureInfo.InvariantCulture);
}
