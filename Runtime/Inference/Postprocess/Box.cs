namespace Edge.Inference;

/// <summary>An upright rectangle in pixels.</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge; right of the left one.</param>
/// <param name="Bottom">The lower edge; below the upper one.</param>
public readonly record struct Box(float Left, float Top, float Right, float Bottom)
{
    /// <summary>From left to right.</summary>
    public float Width => Right - Left;

    /// <summary>From top to bottom.</summary>
    public float Height => Bottom - Top;

    /// <summary>The middle between left and right.</summary>
    public float CentreX => (Left + Right) / 2;

    /// <summary>The middle between top and bottom.</summary>
    public float CentreY => (Top + Bottom) / 2;

    /// <summary>Width × height; 0 for a box that is inside out.</summary>
    public float Area => Math.Max(Width, 0) * Math.Max(Height, 0);

    /// <summary>Are all edges finite, and is there something between them?</summary>
    public bool IsProper => Width > 0 && Height > 0 && float.IsFinite(Width) && float.IsFinite(Height);

    /// <summary>How much two boxes overlap: intersection over union, 0 to 1; 0 where one of them is empty.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static float Overlap(in Box a, in Box b)
    {
        float width = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
        float height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        if (!(width > 0 && height > 0))
        {
            return 0;
        }
        float shared = width * height;
        return shared / (a.Area + b.Area - shared);
    }
}
