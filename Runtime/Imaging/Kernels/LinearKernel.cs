namespace Edge.Imaging;

/// <summary>Linear light of 16 bits to sRGB levels of 8 (IEC 61966-2-1).</summary>
internal static class LinearKernel
{
    private static readonly byte[] Levels = MakeLevels();

    /// <summary>Four values a pixel (red, green, blue, multiplied by alpha; alpha), laid on black, to any format.</summary>
    internal static void OnBlack(ReadOnlySpan<ushort> rgba, Span<byte> pixels, PixelFormat format)
    {
        for (; rgba.Length >= 4; rgba = rgba[4..])
        {
            int alpha = rgba[3];
            pixels = RgbaKernel.Put(Level(rgba[0], alpha), Level(rgba[1], alpha), Level(rgba[2], alpha), ((alpha * 255) + 32767) / 65535, pixels, format);
        }
    }

    private static byte Level(int value, int alpha) =>
        alpha == 0 ? (byte)0 : Levels[Math.Min((int)((((long)value * 65535) + (alpha / 2)) / alpha), 65535)];

    private static byte[] MakeLevels()
    {
        byte[] levels = new byte[65536];
        for (int i = 0; i < levels.Length; i++)
        {
            double linear = i / 65535.0;
            double level = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
            levels[i] = (byte)((level * 255) + 0.5);
        }
        return levels;
    }
}
