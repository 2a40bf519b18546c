namespace Edge.Imaging;

/// <summary>Rows of any format to RGB, BGR or grey.</summary>
internal static class PixelRows
{
    /// <summary>Converts one row.</summary>
    /// <param name="view">The image.</param>
    /// <param name="y">The row.</param>
    /// <param name="format">RGB, BGR or grey; another one than the image's.</param>
    /// <param name="target">As many pixels as the image has columns.</param>
    internal static void Convert(in PixelView view, int y, PixelFormat format, Span<byte> target)
    {
        ReadOnlySpan<byte> row = view.Row(y);
        switch (view.Format)
        {
            case PixelFormat.Yuyv or PixelFormat.Nv12 or PixelFormat.I420:
                YuvRows.Convert(view, y, format, target);
                break;
            case PixelFormat.Grey8:
                for (int x = 0; x < row.Length; x++)
                {
                    target[3 * x] = target[(3 * x) + 1] = target[(3 * x) + 2] = row[x];
                }
                break;
            default:
                (int red, int blue) = view.Format == PixelFormat.Rgb24 ? (0, 2) : (2, 0);
                for (int x = 0; x < view.Width; x++)
                {
                    if (format == PixelFormat.Grey8)
                    {
                        target[x] = LumaKernel.Of(row[(3 * x) + red], row[(3 * x) + 1], row[(3 * x) + blue]);
                    }
                    else
                    {
                        (target[3 * x], target[(3 * x) + 1], target[(3 * x) + 2]) = (row[(3 * x) + 2], row[(3 * x) + 1], row[3 * x]);
                    }
                }
                break;
        }
    }
}
