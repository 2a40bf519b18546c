using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Adds normal noise to each pixel of an image.</summary>
public sealed record GaussianNoise : IAugmentation
{
    /// <summary>How often an image gets noise, from 0 to 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The largest deviation, in levels of 255.</summary>
    public double Sigma { get; init; } = 10;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("noise", input);
        AugmentationCheck.Range("noise", "probability", Probability, 0, 1);
        AugmentationCheck.Range("noise", "sigma", Sigma, 0, 255);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        bool isDue = Chance.Of(Probability, ref random);
        double sigma = Chance.Between(0, Sigma, ref random);
        if (!isDue || sigma == 0)
        {
            return;
        }
        foreach (ref float value in sample.Values<float>())
        {
            value = (float)Math.Clamp(value + (sigma * Chance.Normal(ref random)), 0, 255);
        }
    }
}
