namespace Edge.Training.Ops;

/// <summary>Where the elements of a resized axis come from, and with what weights: the formulas of ONNX's Resize, in float32 as ONNX Runtime has them.</summary>
/// <param name="Size">Elements before.</param>
/// <param name="Result">Elements after.</param>
/// <param name="Scale">How many times longer the axis becomes.</param>
/// <param name="Start">Where the region of interest begins, as a share of the axis.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct ResizeAxis(long Size, long Result, float Scale, float Start, float End)
{
    /// <summary>The place before, for each place after.</summary>
    public float[] Coordinates(string mode)
    {
        float[] places = new float[Result];
        for (int x = 0; x < places.Length; x++)
        {
            places[x] = mode switch
            {
                "half_pixel" => ((x + 0.5f) / Scale) - 0.5f,
                "half_pixel_symmetric" => (Size / 2f * (1 - (Result / (Scale * Size)))) + ((x + 0.5f) / Scale) - 0.5f,
                "pytorch_half_pixel" => Result > 1 ? ((x + 0.5f) / Scale) - 0.5f : 0,
                "align_corners" => Result > 1 ? (float)x * (Size - 1) / (Result - 1) : 0,
                "asymmetric" => x / Scale,
                "tf_half_pixel_for_nn" => (x + 0.5f) / Scale,
                "tf_crop_and_resize" => Result > 1
                    ? (Start * (Size - 1)) + (x * (End - Start) * (Size - 1) / (Result - 1))
                    : 0.5f * (Start + End) * (Size - 1),
                _ => throw new ArgumentException($"coordinate_transformation_mode '{mode}' is unknown"),
            };
        }
        return places;
    }

    /// <summary>The one element that each place takes.</summary>
    public long[] Nearest(float[] coordinates, string mode)
    {
        long last = Size - 1;
        return Array.ConvertAll(coordinates, x => (long)Math.Clamp(
            mode switch
            {
                "round_prefer_floor" => MathF.Ceiling(x - 0.5f),
                "round_prefer_ceil" => MathF.Floor(x + 0.5f),
                "floor" => MathF.Floor(x),
                "ceil" => MathF.Ceiling(x),
                _ => throw new ArgumentException($"nearest_mode '{mode}' is unknown"),
            },
            0,
            last));
    }

    /// <summary>How much each element (column) gives to each place (row).</summary>
    /// <param name="coordinates">The places.</param>
    /// <param name="cubic">The parameter of the cubic; null for linear interpolation.</param>
    /// <param name="antialias">Whether shrinking averages over all elements between two places.</param>
    /// <param name="excludesOutside">Whether elements outside count nothing; otherwise the edge stands for them.</param>
    public float[] Weights(float[] coordinates, float? cubic, bool antialias, bool excludesOutside)
    {
        float[] weights = new float[Result * Size];
        float shrink = antialias ? Math.Min(Scale, 1) : 1;
        float support = (cubic is null ? 1 : 2) / shrink;
        for (int row = 0; row < Result; row++)
        {
            float x = cubic is null && !antialias ? Math.Clamp(coordinates[row], 0, Size - 1) : coordinates[row];
            Span<float> line = weights.AsSpan((int)(row * Size), (int)Size);
            float sum = 0;
            for (long j = (long)MathF.Floor(x - support); j <= (long)MathF.Ceiling(x + support); j++)
            {
                float weight = cubic is { } a ? Cubic((j - x) * shrink, a) : Math.Max(0, 1 - Math.Abs((j - x) * shrink));
                if ((j < 0 || j >= Size) && excludesOutside)
                {
                    continue;
                }
                line[(int)Math.Clamp(j, 0, Size - 1)] += weight;
                sum += weight;
            }
            for (int j = 0; j < line.Length && sum != 0; j++)
            {
                line[j] /= sum;
            }
        }
        return weights;
    }

    /// <summary>Keys 1981.</summary>
    private static float Cubic(float distance, float a)
    {
        float x = Math.Abs(distance);
        return x <= 1 ? (((((a + 2) * x) - (a + 3)) * x * x) + 1)
            : x < 2 ? ((((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a))
            : 0;
    }
}
