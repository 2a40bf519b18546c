using Edge.Graph;
using Edge.Packages;

namespace Edge.Cli.Models;

/// <summary>Golden inputs of models of readings and of texts: noise of a fixed seed, which needs no data set.</summary>
internal static class SignalNoise
{
    private const int Seed = 1;

    /// <summary>Readings that are normalised already: about ±2.</summary>
    internal static OnnxTensor Readings(SensorSpec spec)
    {
        var random = new Random(Seed);
        long[] dims = spec.Window == 0 ? [1, spec.Columns.Count] : [1, spec.Window, spec.Columns.Count];
        float[] values = new float[Math.Max(1, spec.Window) * spec.Columns.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)((4 * random.NextDouble()) - 2);
        }
        return OnnxTensor.From<float>(values, dims);
    }

    /// <summary>A text of any pieces that fills half of the input.</summary>
    internal static OnnxTensor Tokens(TextSpec spec, int count)
    {
        var random = new Random(Seed);
        long[] values = new long[spec.Length];
        for (int i = 0; i < (values.Length + 1) / 2; i++)
        {
            values[i] = random.Next(1, count);
        }
        return OnnxTensor.From<long>(values, 1, spec.Length);
    }
}
