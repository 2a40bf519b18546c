namespace Edge.Training.Data;

/// <summary>
/// How a byte becomes a float, per channel: <c>value = pixel · a + b</c> in float32, multiplied first and then added, each
/// rounded (no fused multiply-add). From scale, mean and deviation: <c>a = scale / deviation</c>, <c>b = −mean / deviation</c>.
/// </summary>
public sealed class Normalization
{
    /// <summary>Bytes to 0–1.</summary>
    public const float UnitScale = 1f / 255f;

    private readonly float[] _factors;
    private readonly float[] _offsets;

    private Normalization(float[] factors, float[] offsets)
    {
        _factors = factors;
        _offsets = offsets;
    }

    /// <summary>What each channel is multiplied with.</summary>
    public IReadOnlyList<float> Factors => _factors;

    /// <summary>What is added to each channel.</summary>
    public IReadOnlyList<float> Offsets => _offsets;

    /// <summary>Bytes to 0–1 in every channel.</summary>
    /// <param name="channels">How many channels.</param>
    public static Normalization Unit(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        float[] factors = new float[channels];
        Array.Fill(factors, UnitScale);
        return new Normalization(factors, new float[channels]);
    }

    /// <summary>By mean and deviation of the scaled pixels.</summary>
    /// <param name="mean">For each channel.</param>
    /// <param name="deviation">For each channel, above 0.</param>
    /// <param name="scale">Applied to the byte before the mean is taken off.</param>
    /// <exception cref="TrainingException">The lists differ in length, or a number makes no sense.</exception>
    public static Normalization From(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation, float scale = UnitScale)
    {
        if (mean.Length == 0 || mean.Length != deviation.Length || !float.IsFinite(scale) || scale == 0)
        {
            throw new TrainingException($"{mean.Length} means, {deviation.Length} deviations and the scale {scale} make no normalisation: give one of each for every channel");
        }
        float[] factors = new float[mean.Length];
        float[] offsets = new float[mean.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            if (!float.IsFinite(mean[i]) || !float.IsFinite(deviation[i]) || deviation[i] <= 0)
            {
                throw new TrainingException($"mean {mean[i]} and deviation {deviation[i]} of channel {i} make no normalisation: deviations are above 0");
            }
            factors[i] = scale / deviation[i];
            offsets[i] = -mean[i] / deviation[i];
        }
        return new Normalization(factors, offsets);
    }

    /// <summary>By its numbers.</summary>
    /// <param name="factors">What each channel is multiplied with.</param>
    /// <param name="offsets">What is added to each channel.</param>
    /// <exception cref="TrainingException">The lists are empty or differ in length, or a number is not finite.</exception>
    public static Normalization FromFactors(ReadOnlySpan<float> factors, ReadOnlySpan<float> offsets)
    {
        bool isRight = factors.Length > 0 && factors.Length == offsets.Length;
        for (int i = 0; isRight && i < factors.Length; i++)
        {
            isRight = float.IsFinite(factors[i]) && float.IsFinite(offsets[i]);
        }
        return isRight
            ? new Normalization(factors.ToArray(), offsets.ToArray())
            : throw new TrainingException($"{factors.Length} factors and {offsets.Length} offsets make no normalisation: give one finite number of each for every channel");
    }

    /// <summary>Normalises images.</summary>
    /// <param name="pixels">[…, channels, size] bytes.</param>
    /// <param name="values">As many floats.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        int plane = pixels.Length / _factors.Length;
        if (pixels.Length != values.Length || plane * _factors.Length != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} bytes in {_factors.Length} channels do not fit {values.Length} values");
        }
        for (int channel = 0; channel < _factors.Length; channel++)
        {
            float factor = _factors[channel];
            float offset = _offsets[channel];
            ReadOnlySpan<byte> source = pixels.Slice(channel * plane, plane);
            Span<float> target = values.Slice(channel * plane, plane);
            for (int i = 0; i < source.Length && i < target.Length; i++)
            {
                float product = source[i] * factor;
                target[i] = product + offset;
            }
        }
    }
}
