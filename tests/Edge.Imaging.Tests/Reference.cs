namespace Edge.Imaging.Tests;

/// <summary>What resampling must be near to, one pixel at a time in double precision.</summary>
internal static class Reference
{
    /// <summary>The exact level of one element; the padding where the image does not reach.</summary>
    internal static double Level(PixelBuffer image, Placement p, byte padding, int x, int y, int c, Resampling resampling)
    {
        if (x < p.TargetX || x >= p.TargetX + p.TargetWidth || y < p.TargetY || y >= p.TargetY + p.TargetHeight)
        {
            return padding;
        }
        return resampling == Resampling.Area && p.SourceWidth >= p.TargetWidth && p.SourceHeight >= p.TargetHeight
            ? Mean(image, c, p.ToSourceX(x), p.ToSourceX(x + 1), p.ToSourceY(y), p.ToSourceY(y + 1))
            : Sample(image, c, Math.Clamp(p.ToSourceX(x + 0.5) - 0.5, 0, image.Width - 1), Math.Clamp(p.ToSourceY(y + 0.5) - 0.5, 0, image.Height - 1));
    }

    private static double Sample(PixelBuffer image, int c, double x, double y)
    {
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, image.Width - 1), bottom = Math.Min(top + 1, image.Height - 1);
        double fx = x - left, fy = y - top;
        return ((1 - fy) * (((1 - fx) * At(image, left, top, c)) + (fx * At(image, right, top, c))))
            + (fy * (((1 - fx) * At(image, left, bottom, c)) + (fx * At(image, right, bottom, c))));
    }

    private static double Mean(PixelBuffer image, int c, double left, double right, double top, double bottom)
    {
        double sum = 0, area = 0;
        for (int y = (int)top; y < bottom && y < image.Height; y++)
        {
            for (int x = (int)left; x < right && x < image.Width; x++)
            {
                double share = (Math.Min(x + 1, right) - Math.Max(x, left)) * (Math.Min(y + 1, bottom) - Math.Max(y, top));
                sum += share * At(image, x, y, c);
                area += share;
            }
        }
        return sum / area;
    }

    private static double At(PixelBuffer image, int x, int y, int c) => image.Row(y)[(x * image.Channels) + c];
}
