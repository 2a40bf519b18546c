using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Mirrors images.</summary>
public sealed record RandomFlip : IAugmentation
{
    /// <summary>How often left and right change places, from 0 to 1.</summary>
    public double Horizontal { get; init; } = 0.5;

    /// <summary>How often above and below do.</summary>
    public double Vertical { get; init; }

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("flip", input);
        AugmentationCheck.Range("flip", "horizontal", Horizontal, 0, 1);
        AugmentationCheck.Range("flip", "vertical", Vertical, 0, 1);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        int height = sample.Field.Shape[1], width = sample.Field.Shape[2];
        Span<float> values = sample.Values<float>();
        if (Chance.Of(Horizontal, ref random))
        {
            for (int row = 0; row < values.Length; row += width)
            {
                values.Slice(row, width).Reverse();
            }
        }
        if (Chance.Of(Vertical, ref random))
        {
            Span<float> line = sample.Scratch<float>()[..width];
            for (int plane = 0; plane < values.Length; plane += height * width)
            {
                for (int y = 0; y < height / 2; y++)
                {
                    Span<float> upper = values.Slice(plane + (y * width), width), lower = values.Slice(plane + ((height - 1 - y) * width), width);
                    upper.CopyTo(line);
                    lower.CopyTo(upper);
                    line.CopyTo(lower);
                }
            }
        }
    }
}
