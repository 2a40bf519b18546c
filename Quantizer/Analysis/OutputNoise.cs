using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Analysis;

/// <summary>How far a model's outputs are from those of the float model that it was made of.</summary>
public sealed class OutputNoise
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> _samples;
    private readonly List<IReadOnlyList<OnnxTensor>> _expected = [];
    private readonly int _threads;

    /// <summary>Runs the float model.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="samples">Inputs by name.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    public OutputNoise(OnnxModel model, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(samples);
        _samples = samples;
        _threads = threads;
        using var session = new EngineSession(model, new EngineOptions { Threads = threads });
        foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
        {
            _expected.Add(session.Run(sample));
        }
    }

    /// <summary>Signal to noise of the outputs in decibels: the mean over outputs, so that one of large numbers does not hide the others.</summary>
    /// <param name="model">A model with the same inputs and outputs.</param>
    public double Decibels(OnnxModel model)
    {
        using var session = new EngineSession(model, new EngineOptions { Threads = _threads });
        NoiseSum[] sums = [.. session.OutputNames.Select(_ => new NoiseSum())];
        for (int sample = 0; sample < _samples.Count; sample++)
        {
            IReadOnlyList<OnnxTensor> actual = session.Run(_samples[sample]);
            for (int output = 0; output < actual.Count; output++)
            {
                if (actual[output].Type == ElementType.Float && actual[output].Length == _expected[sample][output].Length)
                {
                    sums[output].Add(_expected[sample][output].AsSpan<float>(), actual[output].AsSpan<float>());
                }
            }
        }
        return sums.Average(sum => sum.Decibels);
    }
}
