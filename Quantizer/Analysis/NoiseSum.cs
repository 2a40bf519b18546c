namespace Edge.Quantizer.Analysis;

/// <summary>Signal and noise of values that should be equal, summed over any number of tensors.</summary>
public sealed class NoiseSum
{
    // What counts as no noise at all, in decibels.
    private const double Most = 200;

    /// <summary>The sum of squares of what should be.</summary>
    public double Signal { get; private set; }

    /// <summary>The sum of squares of the differences.</summary>
    public double Noise { get; private set; }

    /// <summary>Signal to quantization noise in decibels: <c>10 · log10(signal / noise)</c>, at most 200.</summary>
    public double Decibels => Noise == 0 ? Most : Signal == 0 ? 0 : Math.Min(Most, 10 * Math.Log10(Signal / Noise));

    /// <summary>Takes in two tensors.</summary>
    /// <param name="expected">What should be.</param>
    /// <param name="actual">What is; as long.</param>
    public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int index = 0; index < expected.Length; index++)
        {
            double off = (double)expected[index] - actual[index];
            Signal += (double)expected[index] * expected[index];
            Noise += off * off;
        }
    }
}
