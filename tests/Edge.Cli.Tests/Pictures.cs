using Edge.Imaging;

namespace Edge.Cli.Tests;

/// <summary>Picture files of the tests' own.</summary>
internal static class Pictures
{
    /// <summary>An even grey picture as PNG.</summary>
    internal static byte[] Grey(int width, int height)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        pixels.Resize(width, height, PixelFormat.Rgb24);
        pixels.Pixels.Fill(90);
        return encoder.EncodePng(pixels).ToArray();
    }
}
