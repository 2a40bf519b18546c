namespace Edge.Imaging;

/// <summary>What a pixel of a <see cref="PixelBuffer"/> holds; one byte a channel, 0 to 255.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb24,

    /// <summary>Blue, green, red.</summary>
    Bgr24,

    /// <summary>Luma: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), full range.</summary>
    Grey8,
}
