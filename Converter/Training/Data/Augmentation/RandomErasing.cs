using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Paints a rectangle of an image over with one colour (Zhong and others 2017).</summary>
public sealed record RandomErasing : IAugmentation
{
    /// <summary>How often, from 0 to 1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>The largest share of the area.</summary>
    public double MaximumArea { get; init; } = 0.2;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("erasing", input);
        AugmentationCheck.Range("erasing", "probability", Probability, 0, 1);
        AugmentationCheck.Range("erasing", "maximumArea", MaximumArea, 0, 1);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        bool isDue = Chance.Of(Probability, ref random);
        double area = Chance.Between(0, MaximumArea, ref random), aspect = Math.Exp(Chance.Between(-1, 1, ref random));
        int height = sample.Field.Shape[1], width = sample.Field.Shape[2];
        int across = Math.Min((int)Math.Round(width * Math.Sqrt(area * aspect)), width);
        int down = Math.Min((int)Math.Round(height * Math.Sqrt(area / aspect)), height);
        int left = random.Below(width - across + 1), top = random.Below(height - down + 1);
        for (int c = 0; c < sample.Field.Shape[0]; c++)
        {
            float level = random.Below(256);
            for (int y = top; y < top + down && isDue; y++)
            {
                sample.Values<float>().Slice((((c * height) + y) * width) + left, across).Fill(level);
            }
        }
    }
}
