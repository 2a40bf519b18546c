using Edge.Foundation;

namespace Edge.Judging.Corruptions;

/// <summary>A sensor in the dark: normal noise on every value.</summary>
internal sealed class GaussianNoise : Corruption
{
    // Standard deviations as shares of the range.
    private static readonly double[] Deviations = [0.08, 0.12, 0.18, 0.26, 0.38];

    public override string Name => "noise";

    private protected override void Damage(Span<float> levels, PictureSize size, int step, ref SplitMix64 random)
    {
        foreach (ref float level in levels)
        {
            // Box and Muller 1958; 1 − u keeps the logarithm away from 0.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            level += (float)(255 * Deviations[step] * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
    }
}
