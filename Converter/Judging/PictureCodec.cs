using Edge.Imaging;

namespace Edge.Judging;

/// <summary>Pictures as models see them (levels, channels apart) from and to picture files.</summary>
public static class PictureCodec
{
    /// <summary>A picture as the content of a PNG file.</summary>
    /// <param name="levels">[C,H,W], 0–255; others are limited and rounded.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="zoom">How many pixels a side each becomes.</param>
    public static byte[] Png(ReadOnlySpan<float> levels, PictureSize size, int zoom = 1)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        Fill(pixels, levels, size, zoom);
        return encoder.EncodePng(pixels).ToArray();
    }

    /// <summary>What JPEG makes of a picture.</summary>
    /// <param name="levels">[C,H,W], 0–255; replaced.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="quality">1 to 100.</param>
    internal static void ThroughJpeg(Span<float> levels, PictureSize size, int quality)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        using var decoder = new ImageDecoder();
        Fill(pixels, levels, size, zoom: 1);
        using var decoded = new PixelBuffer();
        decoder.Decode(encoder.EncodeJpeg(pixels, quality), decoded, new DecodeOptions(pixels.Format));
        ReadOnlySpan<byte> bytes = decoded.Pixels;
        for (int place = 0; place < levels.Length; place++)
        {
            levels[place] = bytes[(place % size.Plane * size.Channels) + (place / size.Plane)];
        }
    }

    private static void Fill(PixelBuffer pixels, ReadOnlySpan<float> levels, PictureSize size, int zoom)
    {
        pixels.Resize(size.Width * zoom, size.Height * zoom, size.Channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24);
        for (int y = 0; y < pixels.Height; y++)
        {
            Span<byte> row = pixels.Row(y);
            for (int x = 0; x < pixels.Width; x++)
            {
                int place = (y / zoom * size.Width) + (x / zoom);
                for (int channel = 0; channel < size.Channels; channel++)
                {
                    row[(x * size.Channels) + channel] = Level(levels[(channel * size.Plane) + place]);
                }
            }
        }
    }

    /// <summary>The nearest whole level.</summary>
    internal static byte Level(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
