namespace Edge.Judging;

/// <summary>The size of a picture whose channels lie one behind the other: [C,H,W].</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct PictureSize(int Channels, int Height, int Width)
{
    /// <summary>Pixels of one channel.</summary>
    public int Plane => Height * Width;

    /// <summary>Values of all channels.</summary>
    public int Length => Channels * Plane;
}
