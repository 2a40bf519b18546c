using Edge.Imaging;

namespace Edge.Benchmarks.Data;

/// <summary>A folder of JPEG files as a camera would write them: two classes of 640×480 pictures, a few blobs of colour each.</summary>
internal static class PictureFolder
{
    private const int Width = 640;
    private const int Height = 480;

    public static void Write(string folder, int count)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        pixels.Resize(Width, Height, PixelFormat.Rgb24);
        var random = new Random(5);
        for (int i = 0; i < count; i++)
        {
            string name = Path.Combine(folder, i % 2 == 0 ? "round" : "square", $"{i:D5}.jpg");
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            Paint(pixels, random, isRound: i % 2 == 0);
            File.WriteAllBytes(name, encoder.EncodeJpeg(pixels, 90));
        }
    }

    private static void Paint(PixelBuffer pixels, Random random, bool isRound)
    {
        (int x, int y, int size, byte[] color) blob = (random.Next(Width), random.Next(Height), random.Next(40, 150), [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
        for (int y = 0; y < Height; y++)
        {
            Span<byte> row = pixels.Row(y);
            for (int x = 0; x < Width; x++)
            {
                int dx = Math.Abs(x - blob.x), dy = Math.Abs(y - blob.y);
                bool isInside = isRound ? (dx * dx) + (dy * dy) < blob.size * blob.size : Math.Max(dx, dy) < blob.size;
                for (int c = 0; c < 3; c++)
                {
                    row[(3 * x) + c] = (byte)((isInside ? blob.color[c] : ((x + y) / 5) & 255) ^ random.Next(8));
                }
            }
        }
    }
}
