namespace Edge.Imaging;

/// <summary>Pixels with transparency to pixels without.</summary>
internal static class RgbaKernel
{
    /// <summary>Four bytes a pixel (red, green, blue, alpha not yet multiplied in), laid on black, to any format.</summary>
    internal static void OnBlack(ReadOnlySpan<byte> rgba, Span<byte> pixels, PixelFormat format)
    {
        for (; rgba.Length >= 4; rgba = rgba[4..])
        {
            pixels = Put(rgba[0], rgba[1], rgba[2], rgba[3], pixels, format);
        }
    }

    /// <summary>Writes one pixel and returns the place of the next.</summary>
    internal static Span<byte> Put(byte red, byte green, byte blue, int alpha, Span<byte> pixels, PixelFormat format)
    {
        (red, green, blue) = (Shade(red, alpha), Shade(green, alpha), Shade(blue, alpha));
        if (format == PixelFormat.Grey8)
        {
            pixels[0] = LumaKernel.Of(red, green, blue);
            return pixels[1..];
        }
        (pixels[0], pixels[1], pixels[2]) = format == PixelFormat.Rgb24 ? (red, green, blue) : (blue, green, red);
        return pixels[3..];
    }

    private static byte Shade(int level, int alpha) => (byte)(((level * alpha) + 127) / 255);
}
