using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Paints textures, and shapes that mean nothing.</summary>
internal static class SceneBackground
{
    /// <summary>Fills a picture with a texture of two colours: a slope, stripes, checks or clouds.</summary>
    /// <param name="pixels">[size, size, 3] levels.</param>
    /// <param name="size">Columns and rows.</param>
    /// <param name="random">Chance.</param>
    public static void Paint(Span<float> pixels, int size, ref SplitMix64 random)
    {
        int kind = random.Below(4);
        Span<float> first = stackalloc float[3], second = stackalloc float[3];
        Color(first, 10, 130, ref random);
        Color(second, 10, 130, ref random);
        double angle = random.NextDouble() * Math.PI, period = size * (0.05 + (0.2 * random.NextDouble()));
        (double along, double across) = (Math.Cos(angle), Math.Sin(angle));
        const int Knots = 6;
        Span<float> clouds = stackalloc float[Knots * Knots];
        foreach (ref float knot in clouds)
        {
            knot = (float)random.NextDouble();
        }
        // A whole picture of full contrast is rare in nature.
        float contrast = 0.25f + (0.5f * (float)random.NextDouble());
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double u = (x * along) + (y * across), v = (y * along) - (x * across);
                double share = kind switch
                {
                    0 => 0.5 + (0.5 * ((u / size) - 0.5)),
                    1 => 0.5 + (0.5 * Math.Sin(2 * Math.PI * u / period)),
                    2 => (((int)Math.Floor(u / period) + (int)Math.Floor(v / period)) & 1) == 0 ? 0.2 : 0.8,
                    _ => Cloud(clouds, Knots, (double)x / size * (Knots - 1), (double)y / size * (Knots - 1)),
                };
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels[(((y * size) + x) * 3) + channel] = first[channel] + (contrast * (float)share * (second[channel] - first[channel]));
                }
            }
        }
    }

    /// <summary>Paints a rectangle, an ellipse or a bar somewhere.</summary>
    public static void Clutter(Span<float> pixels, int size, ref SplitMix64 random)
    {
        int kind = random.Below(3);
        double x = random.NextDouble() * size, y = random.NextDouble() * size, angle = random.NextDouble() * Math.PI;
        double width = size * (0.03 + (0.12 * random.NextDouble())), height = kind == 2 ? size * 0.012 : size * (0.03 + (0.12 * random.NextDouble()));
        width *= kind == 2 ? 3 : 1;
        float share = 0.3f + (0.6f * (float)random.NextDouble());
        Span<float> color = stackalloc float[3];
        Color(color, 0, 200, ref random);
        (double along, double across) = (Math.Cos(angle), Math.Sin(angle));
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                double u = (((column - x) * along) + ((row - y) * across)) / width, v = (((row - y) * along) - ((column - x) * across)) / height;
                if (kind == 1 ? (u * u) + (v * v) < 1 : Math.Abs(u) < 1 && Math.Abs(v) < 1)
                {
                    for (int channel = 0; channel < 3; channel++)
                    {
                        ref float level = ref pixels[(((row * size) + column) * 3) + channel];
                        level += share * (color[channel] - level);
                    }
                }
            }
        }
    }

    /// <summary>A colour between two levels.</summary>
    public static void Color(Span<float> color, int least, int most, ref SplitMix64 random)
    {
        foreach (ref float level in color)
        {
            level = least + ((most - least) * (float)random.NextDouble());
        }
    }

    private static double Cloud(ReadOnlySpan<float> knots, int count, double x, double y)
    {
        (int left, int top) = (Math.Min((int)x, count - 2), Math.Min((int)y, count - 2));
        (double shareX, double shareY) = (Soft(x - left), Soft(y - top));
        double above = knots[(top * count) + left] + (shareX * (knots[(top * count) + left + 1] - knots[(top * count) + left]));
        double below = knots[((top + 1) * count) + left] + (shareX * (knots[((top + 1) * count) + left + 1] - knots[((top + 1) * count) + left]));
        return above + (shareY * (below - above));
    }

    private static double Soft(double x) => x * x * (3 - (2 * x));
}
