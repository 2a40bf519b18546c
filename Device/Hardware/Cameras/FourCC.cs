namespace Edge.Hardware.Cameras;

/// <summary>A pixel format's code of four characters, as linux/videodev2.h lists them.</summary>
/// <param name="Value">The code, first character in the lowest byte.</param>
public readonly record struct FourCC(uint Value)
{
    /// <summary>Two pixels in four bytes: luma, U, luma, V.</summary>
    public static readonly FourCC Yuyv = Of("YUYV");

    /// <summary>A plane of luma, then U and V side by side at half the rows and columns.</summary>
    public static readonly FourCC Nv12 = Of("NV12");

    /// <summary>A plane of luma, then U, then V.</summary>
    public static readonly FourCC I420 = Of("YU12");

    /// <summary>One byte of luma.</summary>
    public static readonly FourCC Grey = Of("GREY");

    /// <summary>Red, green, blue.</summary>
    public static readonly FourCC Rgb = Of("RGB3");

    /// <summary>Blue, green, red.</summary>
    public static readonly FourCC Bgr = Of("BGR3");

    /// <summary>A JPEG image, as most USB cameras send it.</summary>
    public static readonly FourCC Mjpeg = Of("MJPG");

    /// <summary>A JPEG image.</summary>
    public static readonly FourCC Jpeg = Of("JPEG");

    /// <summary>Whether a frame is a JPEG image.</summary>
    public bool IsJpeg => this == Mjpeg || this == Jpeg;

    /// <summary>The code of four ASCII characters.</summary>
    /// <param name="text">The characters.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static FourCC Of(ReadOnlySpan<char> text) => text.Length == 4
        ? new(text[0] | ((uint)text[1] << 8) | ((uint)text[2] << 16) | ((uint)text[3] << 24))
        : throw new ArgumentException("a pixel format's code has four characters", nameof(text));

    /// <summary>
    /// Bytes from one row of the first plane to the next without gaps, or 0 for compressed and unknown formats.
    /// </summary>
    /// <param name="width">Columns.</param>
    public int RowBytes(int width) => this switch
    {
        _ when this == Yuyv => (width + 1) / 2 * 4,
        _ when this == Nv12 || this == I420 => (width + 1) / 2 * 2,
        _ when this == Rgb || this == Bgr => width * 3,
        _ when this == Grey => width,
        _ => 0,
    };

    /// <summary>Bytes of an image, or 0 for compressed and unknown formats.</summary>
    /// <param name="stride">Bytes from one row of the first plane to the next.</param>
    /// <param name="height">Rows.</param>
    public long ImageBytes(int stride, int height) => this == Nv12 || this == I420
        ? ((long)stride * height) + ((long)stride * ((height + 1) / 2))
        : (long)stride * height;

    /// <summary>The four characters; what is not printable stands as a point.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[4];
        for (int i = 0; i < 4; i++)
        {
            char c = (char)((Value >> (8 * i)) & 0x7f);
            text[i] = char.IsControl(c) ? '.' : c;
        }
        return new string(text).TrimEnd();
    }
}
