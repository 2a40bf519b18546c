namespace Edge.Imaging;

/// <summary>
/// What a pixel holds; one byte a channel, 0 to 255. The three kinds of YUV are what cameras give: BT.601 with chroma at half
/// the columns (<see cref="Yuyv"/>) or half the columns and rows, whose range <see cref="PixelRange"/> states.
/// </summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb24,

    /// <summary>Blue, green, red.</summary>
    Bgr24,

    /// <summary>Luma: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), full range.</summary>
    Grey8,

    /// <summary>Two pixels in four bytes: luma, U, luma, V (V4L2 YUYV, also YUY2).</summary>
    Yuyv,

    /// <summary>A plane of luma, then a plane of half the rows with U and V side by side (V4L2 NV12).</summary>
    Nv12,

    /// <summary>A plane of luma, then U, then V, each of half the columns and rows (V4L2 YU12).</summary>
    I420,
}
