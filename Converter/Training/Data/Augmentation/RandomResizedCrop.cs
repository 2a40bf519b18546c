using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Cuts a part out and enlarges it to the image's size (Szegedy and others 2015).</summary>
public sealed record RandomResizedCrop : IAugmentation
{
    /// <summary>The smallest share of the image's area that is left, above 0 to 1.</summary>
    public double MinimumArea { get; init; } = 0.35;

    /// <summary>The most that width and height are distorted against each other, 1 or more.</summary>
    public double MaximumAspect { get; init; } = 4.0 / 3;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("resizedCrop", input);
        AugmentationCheck.Range("resizedCrop", "minimumArea", MinimumArea, 0.01, 1);
        AugmentationCheck.Range("resizedCrop", "maximumAspect", MaximumAspect, 1, 10);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        int height = sample.Field.Shape[1], width = sample.Field.Shape[2];
        double area = Chance.Between(MinimumArea, 1, ref random);
        double aspect = Math.Exp(Chance.Between(-Math.Log(MaximumAspect), Math.Log(MaximumAspect), ref random));
        double across = Math.Min(Math.Sqrt(area * aspect), 1), down = Math.Min(Math.Sqrt(area / aspect), 1);
        double left = Chance.Between(0, (1 - across) * width, ref random), top = Chance.Between(0, (1 - down) * height, ref random);
        if (across == 1 && down == 1)
        {
            return;
        }
        // Pixel centres stay aligned.
        Bilinear.Transform(sample, across, 0, left + (0.5 * across) - 0.5, 0, down, top + (0.5 * down) - 0.5, float.NaN);
    }
}
