namespace Edge.Imaging;

/// <summary>How many bytes images take, by format.</summary>
public static class PixelLayout
{
    /// <summary>True for the formats with luma and chroma apart.</summary>
    /// <param name="format">The format.</param>
    public static bool IsYuv(PixelFormat format) => format is PixelFormat.Yuyv or PixelFormat.Nv12 or PixelFormat.I420;

    /// <summary>Bytes of one row of the first plane, without gaps.</summary>
    /// <param name="format">The format.</param>
    /// <param name="width">Columns.</param>
    public static int RowBytes(PixelFormat format, int width) => format switch
    {
        PixelFormat.Rgb24 or PixelFormat.Bgr24 => checked(width * 3),
        PixelFormat.Yuyv => checked((width + 1) / 2 * 4),
        // Chroma rows are half a luma row: an odd width is rounded up.
        PixelFormat.Nv12 or PixelFormat.I420 => checked((width + 1) / 2 * 2),
        _ => width,
    };

    /// <summary>Bytes of an image whose planes lie one behind the other, as V4L2 gives them.</summary>
    /// <param name="format">The format.</param>
    /// <param name="height">Rows.</param>
    /// <param name="stride">Bytes from one row of the first plane to the next; U and V rows of <see cref="PixelFormat.I420"/> take half.</param>
    public static long Bytes(PixelFormat format, int height, int stride) => format is PixelFormat.Nv12 or PixelFormat.I420
        ? ((long)stride * height) + ((long)stride * ((height + 1) / 2))
        : (long)stride * height;
}
