using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Surrounds an image and cuts a part of its own size out: it moves by whole pixels.</summary>
public sealed record RandomCrop : IAugmentation
{
    /// <summary>How many pixels are put on each side.</summary>
    public int Padding { get; init; } = 4;

    /// <summary>The level that is put there, 0 to 255.</summary>
    public float Fill { get; init; }

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("crop", input);
        AugmentationCheck.Range("crop", "padding", Padding, 0, Math.Min(input.Shape[1], input.Shape[2]) - 1);
        AugmentationCheck.Range("crop", "fill", Fill, 0, 255);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        int right = random.Below((2 * Padding) + 1) - Padding, down = random.Below((2 * Padding) + 1) - Padding;
        if (right == 0 && down == 0)
        {
            return;
        }
        int height = sample.Field.Shape[1], width = sample.Field.Shape[2];
        Span<float> target = sample.Values<float>();
        Span<float> source = sample.Scratch<float>();
        target.CopyTo(source);
        target.Fill(Fill);
        int count = width - Math.Abs(right);
        for (int row = 0; row < target.Length / width && count > 0; row++)
        {
            int from = (row % height) - down;
            if (from >= 0 && from < height)
            {
                source.Slice(((row - down) * width) + Math.Max(-right, 0), count).CopyTo(target[((row * width) + Math.Max(right, 0))..]);
            }
        }
    }
}
