using Edge.Cli.Models;
using Edge.Packages;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>What a model says about samples.</summary>
/// <param name="Indices">The samples' numbers in their data set.</param>
/// <param name="Outputs">[N, width]: the model's first output.</param>
/// <param name="Width">Values of a sample.</param>
/// <param name="Labels">The class of each sample; −1 where it has none.</param>
/// <param name="Targets">What it should have said, where those are values.</param>
internal sealed record Predictions(int[] Indices, float[] Outputs, int Width, int[] Labels, float[] Targets)
{
    /// <summary>The values of one sample.</summary>
    internal ReadOnlySpan<float> Row(int sample) => Outputs.AsSpan(sample * Width, Width);

    /// <summary>Some of the samples.</summary>
    internal Predictions Part(IReadOnlyList<int> samples) => new(
        [.. samples.Select(sample => Indices[sample])], [.. samples.SelectMany(sample => Row(sample).ToArray())], Width, [.. samples.Select(sample => Labels[sample])], []);

    /// <summary>
    /// Outputs as logits, one a class: a single logit z of two classes stands for the pair 0, z, and probabilities for their
    /// logarithms.
    /// </summary>
    internal Predictions AsLogits(int classes, ScoreKind scores)
    {
        float[] logits = scores == ScoreKind.Probabilities && Width > 1 ? Array.ConvertAll(Outputs, value => MathF.Log(Math.Max(value, float.Epsilon))) : Outputs;
        if (Width > 1 || classes != 2)
        {
            return this with { Outputs = logits };
        }
        float[] pairs = new float[2 * Outputs.Length];
        for (int i = 0; i < Outputs.Length; i++)
        {
            pairs[(2 * i) + 1] = scores == ScoreKind.Probabilities ? MathF.Log(Math.Max(Outputs[i], 1e-38f) / Math.Max(1 - Outputs[i], 1e-7f)) : Outputs[i];
        }
        return this with { Outputs = pairs, Width = 2 };
    }

    /// <summary>The class that each sample is taken for.</summary>
    internal int[] Classes()
    {
        int[] classes = new int[Indices.Length];
        for (int sample = 0; sample < classes.Length; sample++)
        {
            classes[sample] = ClassificationMetrics.ArgMax(Row(sample));
        }
        return classes;
    }

    /// <summary>What a model's scores are: as its card says, or probabilities where the graph ends with a softmax.</summary>
    internal static ScoreKind Kind(JudgedModel model, ModelCard? card)
    {
        bool endsInSoftmax = model.Model.Graph.Outputs[0].Producer is { Domain.Length: 0, OpType: "Softmax" or "Sigmoid" };
        return endsInSoftmax ? ScoreKind.Probabilities : card?.Output.Scores ?? ScoreKind.Logits;
    }
}
