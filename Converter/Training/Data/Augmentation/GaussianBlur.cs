using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Blurs images.</summary>
public sealed record GaussianBlur : IAugmentation
{
    private const double MaximumSigma = 8;

    /// <summary>How often an image is blurred, from 0 to 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The largest deviation of the bell, in pixels.</summary>
    public double Sigma { get; init; } = 1.5;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("blur", input);
        AugmentationCheck.Range("blur", "probability", Probability, 0, 1);
        AugmentationCheck.Range("blur", "sigma", Sigma, 0, MaximumSigma);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        bool isDue = Chance.Of(Probability, ref random);
        double sigma = Chance.Between(0, Sigma, ref random);
        // A bell that narrow stays inside its pixel.
        if (!isDue || sigma < 0.1)
        {
            return;
        }
        int radius = (int)Math.Ceiling(3 * sigma);
        Span<float> weights = stackalloc float[(2 * (int)(3 * MaximumSigma)) + 1];
        weights = weights[..((2 * radius) + 1)];
        float sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)Math.Exp(-(i - radius) * (i - radius) / (2 * sigma * sigma));
            sum += weights[i];
        }
        foreach (ref float weight in weights)
        {
            weight /= sum;
        }
        int height = sample.Field.Shape[1], width = sample.Field.Shape[2];
        Span<float> values = sample.Values<float>();
        Span<float> between = sample.Scratch<float>();
        for (int row = 0; row < values.Length; row += width)
        {
            Line(values.Slice(row, width), between.Slice(row, width), weights);
        }
        for (int plane = 0; plane < values.Length; plane += height * width)
        {
            Columns(between.Slice(plane, height * width), values.Slice(plane, height * width), width, weights);
        }
    }

    private static void Line(ReadOnlySpan<float> from, Span<float> to, ReadOnlySpan<float> weights)
    {
        int radius = weights.Length / 2;
        for (int x = 0; x < to.Length; x++)
        {
            float sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * from[Math.Clamp(x + i - radius, 0, from.Length - 1)];
            }
            to[x] = sum;
        }
    }

    private static void Columns(ReadOnlySpan<float> from, Span<float> to, int width, ReadOnlySpan<float> weights)
    {
        int radius = weights.Length / 2, height = from.Length / width;
        for (int y = 0; y < height; y++)
        {
            Span<float> line = to.Slice(y * width, width);
            line.Clear();
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<float> other = from.Slice(Math.Clamp(y + i - radius, 0, height - 1) * width, width);
                for (int x = 0; x < line.Length; x++)
                {
                    line[x] += weights[i] * other[x];
                }
            }
        }
    }
}
