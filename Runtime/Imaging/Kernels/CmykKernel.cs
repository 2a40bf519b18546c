namespace Edge.Imaging;

/// <summary>Inverted inks to light.</summary>
internal static class CmykKernel
{
    /// <summary>Four bytes a pixel (cyan, magenta, yellow, black; 255 is no ink) to any format.</summary>
    internal static void Convert(ReadOnlySpan<byte> cmyk, Span<byte> pixels, PixelFormat format)
    {
        for (; cmyk.Length >= 4; cmyk = cmyk[4..])
        {
            int black = cmyk[3];
            pixels = RgbaKernel.Put(Light(cmyk[0], black), Light(cmyk[1], black), Light(cmyk[2], black), 255, pixels, format);
        }
    }

    private static byte Light(int ink, int black) => (byte)(((ink * black) + 127) / 255);
}
