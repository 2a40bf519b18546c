using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Lets each image of a batch change a rectangle with another; targets are shared by area (Yun and others 2019).</summary>
public sealed record CutMix : IBatchAugmentation
{
    /// <summary>The shape of the distribution of areas: 1 takes every area alike.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>How often two images change anything, from 0 to 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public void Check(Dataset dataset)
    {
        MixUp.Check("cutMix", dataset, Alpha);
        AugmentationCheck.Image("cutMix", dataset.Inputs[0]);
        AugmentationCheck.Range("cutMix", "probability", Probability, 0, 1);
    }

    /// <inheritdoc/>
    public void Apply(Span<float> values, Span<float> targets, int count, Field input, ref SplitMix64 random)
    {
        ArgumentNullException.ThrowIfNull(input);
        int height = input.Shape[1], width = input.Shape[2];
        int classes = targets.Length / Math.Max(1, count);
        for (int i = 0, k = count - 1; i < k; i++, k--)
        {
            bool isDue = Chance.Of(Probability, ref random);
            double side = Math.Sqrt(1 - Chance.Beta(Alpha, ref random));
            int across = (int)Math.Round(width * side), down = (int)Math.Round(height * side);
            int left = random.Below(width - across + 1), top = random.Below(height - down + 1);
            if (!isDue || across * down == 0)
            {
                continue;
            }
            for (int row = 0; row < input.Shape[0] * down; row++)
            {
                int start = (((row / down * height) + top + (row % down)) * width) + left;
                Span<float> one = values.Slice((i * input.Length) + start, across), other = values.Slice((k * input.Length) + start, across);
                for (int x = 0; x < one.Length; x++)
                {
                    (one[x], other[x]) = (other[x], one[x]);
                }
            }
            float share = 1 - ((float)(across * down) / (width * height));
            MixUp.Blend(targets.Slice(i * classes, classes), targets.Slice(k * classes, classes), share);
        }
    }
}
