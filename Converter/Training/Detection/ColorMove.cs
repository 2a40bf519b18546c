using Edge.Foundation;

namespace Edge.Training.Detection;

/// <summary>
/// Hue, saturation and brightness as one matrix: a turn about the grey diagonal of the colour cube, a pull to or from it, and a factor.
/// </summary>
internal readonly struct ColorMove
{
    // Of equal channels: a detector's colours are as often blue, green, red.
    private const float Third = 1f / 3;
    private readonly float _same, _next, _last;

    private ColorMove(double angle, double saturation, double value)
    {
        (float cosine, float sine) = ((float)Math.Cos(angle), (float)(Math.Sin(angle) / Math.Sqrt(3)));
        float keep = (float)(saturation * value), grey = (float)((1 - saturation) * value * Third);
        _same = (keep * (cosine + ((1 - cosine) * Third))) + grey;
        _next = (keep * (((1 - cosine) * Third) - sine)) + grey;
        _last = (keep * (((1 - cosine) * Third) + sine)) + grey;
    }

    /// <summary>Draws a move by the options.</summary>
    public static ColorMove Draw(DetectionOptions options, ref SplitMix64 random)
    {
        double hue = Both(ref random) * options.Hue * 2 * Math.PI;
        double saturation = 1 + (Both(ref random) * options.Saturation);
        return new ColorMove(hue, saturation, 1 + (Both(ref random) * options.Value));
    }

    /// <summary>Changes [height, width, 3] levels into [3, height, width] levels of float32, limited to 0–255.</summary>
    /// <param name="pixels">The levels.</param>
    /// <param name="planes">Where they go.</param>
    public void Apply(ReadOnlySpan<byte> pixels, Span<float> planes)
    {
        int count = pixels.Length / 3;
        Span<float> first = planes[..count], second = planes.Slice(count, count), third = planes.Slice(2 * count, count);
        for (int i = 0; i < count; i++)
        {
            float a = pixels[3 * i], b = pixels[(3 * i) + 1], c = pixels[(3 * i) + 2];
            first[i] = Math.Clamp((_same * a) + (_next * b) + (_last * c), 0, 255);
            second[i] = Math.Clamp((_last * a) + (_same * b) + (_next * c), 0, 255);
            third[i] = Math.Clamp((_next * a) + (_last * b) + (_same * c), 0, 255);
        }
    }

    private static double Both(ref SplitMix64 random) => (random.NextDouble() * 2) - 1;
}
