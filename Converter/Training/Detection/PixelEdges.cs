namespace Edge.Training.Detection;

/// <summary>A box by its edges, in pixels of a model's input.</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
internal readonly record struct PixelEdges(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Intersection over union, 0 to 1.</summary>
    public static float Overlap(in PixelEdges a, in PixelEdges b)
    {
        float shared = Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));
        float both = a.Area + b.Area - shared;
        return shared > 0 && both > 0 ? shared / both : 0;
    }

    private float Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);
}
