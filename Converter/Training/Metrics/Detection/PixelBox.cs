namespace Edge.Training.Metrics;

/// <summary>A box as COCO writes it: the upper left corner and the size, in pixels.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">To the right; 0 or more.</param>
/// <param name="Height">Down; 0 or more.</param>
public readonly record struct PixelBox(double X, double Y, double Width, double Height)
{
    /// <summary>Width × height.</summary>
    public double Area => Width * Height;

    /// <summary>What two boxes share, in square pixels.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static double Shared(in PixelBox a, in PixelBox b) =>
        Math.Max(0, Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X))
        * Math.Max(0, Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y));

    /// <summary>Intersection over union, 0 to 1; 0 where both are empty.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static double Overlap(in PixelBox a, in PixelBox b)
    {
        double shared = Shared(a, b);
        return shared > 0 ? shared / (a.Area + b.Area - shared) : 0;
    }
}
