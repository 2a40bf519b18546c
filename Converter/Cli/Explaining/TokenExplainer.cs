using System.Globalization;
using Edge.Cli.Evaluation;
using Edge.Graph;
using Edge.Packages;
using Edge.Training.Data;

namespace Edge.Cli.Explaining;

/// <summary>Explains texts by leaving out each token in turn: what the score of the class loses without it. It needs ONNX Runtime alone.</summary>
internal sealed class TokenExplainer(ModelRunner runner, ScoreKind kind, JudgedSource source) : IExplainer
{
    private const int Batch = 64;

    /// <inheritdoc/>
    public Explanation Explain(int index, int target, Explanation facts)
    {
        var buffer = new SampleBuffer(source.Test);
        buffer.Read(index);
        long[] tokens = buffer.Input<long>().ToArray();
        int[] places = [.. Enumerable.Range(0, tokens.Length).Where(place => tokens[place] != 0)];
        float whole = Scores([tokens], target)[0];
        float[] without = [.. places.Chunk(Batch).SelectMany(chunk => Scores([.. chunk.Select(place => Without(tokens, place))], target))];
        return facts with { Tokens = [.. places.Select((place, i) => (Name(tokens[place]), (double)(whole - without[i])))] };
    }

    // The rest moves up, as if the word had never been written.
    private static long[] Without(long[] tokens, int place) => [.. tokens[..place], .. tokens[(place + 1)..], 0];

    private float[] Scores(long[][] samples, int target)
    {
        OnnxTensor tensor = OnnxTensor.From<long>([.. samples.SelectMany(sample => sample)], samples.Length, samples[0].Length);
        Predictions logits = new Predictions([], runner.Run(tensor, samples.Length), runner.Width, [], []).AsLogits(source.Test.ClassNames.Count, kind);
        return [.. Enumerable.Range(0, samples.Length).Select(sample => logits.Row(sample)[target])];
    }

    private string Name(long token) => source.Vocabulary is { } vocabulary && token < vocabulary.Count ? vocabulary.Text((int)token) : token.ToString(CultureInfo.InvariantCulture);
}
