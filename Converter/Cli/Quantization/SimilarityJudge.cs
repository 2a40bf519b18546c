using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Cli.Quantization;

/// <summary>How alike the outputs are to the float model's: the mean cosine over outputs and samples. For models whose task is not known.</summary>
internal sealed class SimilarityJudge : ModelJudge
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> _samples;
    private readonly List<IReadOnlyList<OnnxTensor>> _expected = [];
    private readonly int _threads;

    internal SimilarityJudge(OnnxModel reference, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads)
    {
        (_samples, _threads) = (samples, threads);
        using var session = new EngineSession(reference, new EngineOptions { Threads = threads });
        _expected.AddRange(samples.Select(session.Run));
    }

    /// <inheritdoc/>
    internal override string Metric => "likeness of outputs";

    /// <inheritdoc/>
    internal override int Samples => _samples.Count;

    /// <inheritdoc/>
    internal override double Judge(OnnxModel model)
    {
        using var session = new EngineSession(model, new EngineOptions { Threads = _threads });
        var cosines = new List<double>();
        for (int sample = 0; sample < _samples.Count; sample++)
        {
            IReadOnlyList<OnnxTensor> actual = session.Run(_samples[sample]);
            for (int output = 0; output < actual.Count; output++)
            {
                if (actual[output].Type == ElementType.Float && actual[output].Length == _expected[sample][output].Length)
                {
                    cosines.Add(Cosine(_expected[sample][output].AsSpan<float>(), actual[output].AsSpan<float>()));
                }
            }
        }
        return cosines.Count == 0 ? 1 : cosines.Average();
    }

    private static double Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double product = 0, first = 0, second = 0;
        for (int index = 0; index < one.Length; index++)
        {
            product += (double)one[index] * other[index];
            first += (double)one[index] * one[index];
            second += (double)other[index] * other[index];
        }
        return first == 0 && second == 0 ? 1 : product / Math.Max(Math.Sqrt(first * second), double.Epsilon);
    }
}
