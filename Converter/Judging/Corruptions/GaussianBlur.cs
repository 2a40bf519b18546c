using Edge.Foundation;

namespace Edge.Judging.Corruptions;

/// <summary>A lens out of focus: a normal blur, its edges extended.</summary>
internal sealed class GaussianBlur : Corruption
{
    // Standard deviations in pixels of a picture with a side of 28; larger pictures are blurred in proportion.
    private static readonly double[] Deviations = [0.5, 0.75, 1.0, 1.25, 1.5];

    private const int ReferenceSide = 28;

    public override string Name => "blur";

    private protected override void Damage(Span<float> levels, PictureSize size, int step, ref SplitMix64 random)
    {
        float[] kernel = Kernel(Deviations[step] * Math.Min(size.Height, size.Width) / ReferenceSide);
        for (int channel = 0; channel < size.Channels; channel++)
        {
            Span<float> plane = levels.Slice(channel * size.Plane, size.Plane);
            for (int y = 0; y < size.Height; y++)
            {
                Smooth(plane, kernel, y * size.Width, 1, size.Width);
            }
            for (int x = 0; x < size.Width; x++)
            {
                Smooth(plane, kernel, x, size.Width, size.Height);
            }
        }
    }

    private static float[] Kernel(double deviation)
    {
        int radius = Math.Max(1, (int)Math.Ceiling(3 * deviation));
        float[] kernel = new float[(2 * radius) + 1];
        double sum = 0;
        for (int i = -radius; i <= radius; i++)
        {
            sum += kernel[i + radius] = (float)Math.Exp(-i * i / (2 * deviation * deviation));
        }
        for (int i = 0; i < kernel.Length; i++)
        {
            kernel[i] /= (float)sum;
        }
        return kernel;
    }

    private static void Smooth(Span<float> plane, float[] kernel, int start, int stride, int count)
    {
        float[] line = new float[count];
        for (int i = 0; i < count; i++)
        {
            line[i] = plane[start + (i * stride)];
        }
        int radius = kernel.Length / 2;
        for (int i = 0; i < count; i++)
        {
            float sum = 0;
            for (int k = -radius; k <= radius; k++)
            {
                sum += kernel[k + radius] * line[Math.Clamp(i + k, 0, count - 1)];
            }
            plane[start + (i * stride)] = sum;
        }
    }
}
