using Edge.Foundation;

namespace Edge.Judging.Corruptions;

/// <summary>Too few pixels: the picture is made smaller by averaging, and large again by repeating.</summary>
internal sealed class Pixelate : Corruption
{
    private static readonly double[] Scales = [0.6, 0.5, 0.4, 0.3, 0.25];

    public override string Name => "pixelate";

    private protected override void Damage(Span<float> levels, PictureSize size, int step, ref SplitMix64 random)
    {
        int height = Math.Max(1, (int)Math.Round(size.Height * Scales[step]));
        int width = Math.Max(1, (int)Math.Round(size.Width * Scales[step]));
        for (int channel = 0; channel < size.Channels; channel++)
        {
            Span<float> plane = levels.Slice(channel * size.Plane, size.Plane);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    Even(plane, size.Width, (y * size.Height / height, (y + 1) * size.Height / height), (x * size.Width / width, (x + 1) * size.Width / width));
                }
            }
        }
    }

    private static void Even(Span<float> plane, int stride, (int From, int To) rows, (int From, int To) columns)
    {
        float sum = 0;
        for (int y = rows.From; y < rows.To; y++)
        {
            for (int x = columns.From; x < columns.To; x++)
            {
                sum += plane[(y * stride) + x];
            }
        }
        float mean = sum / ((rows.To - rows.From) * (columns.To - columns.From));
        for (int y = rows.From; y < rows.To; y++)
        {
            plane[((y * stride) + columns.From)..((y * stride) + columns.To)].Fill(mean);
        }
    }
}
