namespace Edge.Packages;

/// <summary>
/// The one normalisation that training, quantizing and the device share:
/// <c>value = pixel · a + b</c> in float32, the product rounded before the sum (never fused), with
/// <c>a = scale ÷ std</c> and <c>b = −mean ÷ std</c>. The same pixel gives the same bits everywhere.
/// </summary>
public sealed class Normalization
{
    private readonly float[] _multiply;
    private readonly float[] _add;

    /// <summary>Works out the two factors of every channel.</summary>
    /// <param name="spec">A valid input spec; for raw pixels the factors are 1 and 0.</param>
    public Normalization(InputSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _multiply = new float[spec.Channels];
        _add = new float[spec.Channels];
        for (int c = 0; c < spec.Channels; c++)
        {
            float mean = spec.Mean.Count == 0 ? 0f : spec.Mean[spec.Mean.Count == 1 ? 0 : c];
            float std = spec.Std.Count == 0 ? 1f : spec.Std[spec.Std.Count == 1 ? 0 : c];
            bool raw = spec.IsRaw;
            (_multiply[c], _add[c]) = raw ? (1f, 0f) : Factors(spec.Scale, mean, std);
        }
    }

    /// <summary>Works out the two factors of every channel from statistics.</summary>
    /// <param name="scale">What a value is multiplied by first.</param>
    /// <param name="mean">One a channel; at least one.</param>
    /// <param name="std">As many, none 0.</param>
    /// <exception cref="ArgumentException">There are none, or not as many of one as of the other.</exception>
    public Normalization(float scale, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (mean.Count == 0 || mean.Count != std.Count)
        {
            throw new ArgumentException($"{mean.Count} means do not fit {std.Count} deviations");
        }
        _multiply = new float[mean.Count];
        _add = new float[mean.Count];
        for (int c = 0; c < mean.Count; c++)
        {
            (_multiply[c], _add[c]) = Factors(scale, mean[c], std[c]);
        }
    }

    private Normalization(float[] multiply, float[] add)
    {
        _multiply = multiply;
        _add = add;
    }

    /// <summary>How many channels.</summary>
    public int Channels => _multiply.Length;

    /// <summary>a, one a channel, in the tensor's channel order.</summary>
    public ReadOnlySpan<float> Multiply => _multiply;

    /// <summary>b, one a channel, in the tensor's channel order.</summary>
    public ReadOnlySpan<float> Add => _add;

    /// <summary>Bytes to 0–1 in every channel: what <see cref="InputSpec"/> says unless told otherwise.</summary>
    /// <param name="channels">How many channels; 1 or more.</param>
    public static Normalization Unit(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        float[] multiply = new float[channels];
        Array.Fill(multiply, 1f / 255f);
        return new Normalization(multiply, new float[channels]);
    }

    /// <summary>The values of a whole image, channel after channel.</summary>
    /// <param name="pixels">[C,H,W] bytes.</param>
    /// <param name="values">As many floats.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the channels or each other.</exception>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        int plane = pixels.Length / Channels;
        if (pixels.Length != values.Length || plane * Channels != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} bytes in {Channels} channels do not fit {values.Length} values");
        }
        for (int channel = 0; channel < Channels; channel++)
        {
            float multiply = _multiply[channel];
            float add = _add[channel];
            ReadOnlySpan<byte> source = pixels.Slice(channel * plane, plane);
            Span<float> target = values.Slice(channel * plane, plane);
            for (int i = 0; i < source.Length && i < target.Length; i++)
            {
                float product = source[i] * multiply;
                target[i] = product + add;
            }
        }
    }

    /// <summary>The value of one pixel.</summary>
    /// <param name="pixel">0 to 255.</param>
    /// <param name="channel">0 to <see cref="Channels"/> − 1.</param>
    public float Apply(byte pixel, int channel)
    {
        float product = pixel * _multiply[channel];
        return product + _add[channel];
    }

    // 0 − mean, not −mean: a missing mean gives +0, so that a black pixel is +0 too.
    private static (float Multiply, float Add) Factors(float scale, float mean, float std) => (scale / std, (0f - mean) / std);
}
