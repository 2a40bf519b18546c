namespace Edge.Judging.Explaining;

/// <summary>How much each place of a picture counts.</summary>
/// <param name="Values">[height, width] in C order.</param>
/// <param name="Height">Rows; need not be the picture's.</param>
/// <param name="Width">Columns.</param>
public sealed record HeatMap(float[] Values, int Height, int Width)
{
    /// <summary>The largest absolute value.</summary>
    public float Largest => Values.Length == 0 ? 0 : Values.Max(MathF.Abs);

    /// <summary>The place of the largest value.</summary>
    public (int Row, int Column) Peak
    {
        get
        {
            int place = Array.IndexOf(Values, Values.Max());
            return (place / Width, place % Width);
        }
    }

    /// <summary>The sum of an attribution's channels at each place.</summary>
    /// <param name="attribution">[C,H,W].</param>
    /// <param name="size">Its size.</param>
    public static HeatMap OfChannels(ReadOnlySpan<float> attribution, PictureSize size)
    {
        float[] values = new float[size.Plane];
        for (int place = 0; place < attribution.Length; place++)
        {
            values[place % size.Plane] += attribution[place];
        }
        return new HeatMap(values, size.Height, size.Width);
    }

    /// <summary>The value at a place between the cells, interpolated; cells sit in the middle of their part of the picture.</summary>
    /// <param name="row">0 (top) to 1 (bottom).</param>
    /// <param name="column">0 (left) to 1 (right).</param>
    public float At(double row, double column)
    {
        double y = Math.Clamp((row * Height) - 0.5, 0, Height - 1);
        double x = Math.Clamp((column * Width) - 0.5, 0, Width - 1);
        (int top, int left) = ((int)y, (int)x);
        (int bottom, int right) = (Math.Min(top + 1, Height - 1), Math.Min(left + 1, Width - 1));
        (float down, float across) = ((float)(y - top), (float)(x - left));
        float upper = Values[(top * Width) + left] + (across * (Values[(top * Width) + right] - Values[(top * Width) + left]));
        float lower = Values[(bottom * Width) + left] + (across * (Values[(bottom * Width) + right] - Values[(bottom * Width) + left]));
        return upper + (down * (lower - upper));
    }
}
