using System.Runtime.Intrinsics;
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
        Vector128<float> ofFirst = Vector128.Create(_same, _last, _next, 0), ofSecond = Vector128.Create(_next, _same, _last, 0), ofThird = Vector128.Create(_last, _next, _same, 0);
        Vector128<float> most = Vector128.Create(255f);
        for (int i = 0; i < count; i++)
        {
            Vector128<float> sum = (ofFirst * pixels[3 * i]) + (ofSecond * pixels[(3 * i) + 1]) + (ofThird * pixels[(3 * i) + 2]);
            sum = Vector128.Min(Vector128.Max(sum, Vector128<float>.Zero), most);
            (first[i], second[i], third[i]) = (sum.GetElement(0), sum.GetElement(1), sum.GetElement(2));
        }
    }

    private static double Both(ref SplitMix64 random) => (random.NextDouble() * 2) - 1;
}
