using System.Globalization;
using Edge.Imaging;
using Edge.Training.Data;

namespace Edge.Cli.Demo;

/// <summary>Pictures of a data set as files, for a folder that plays the camera.</summary>
internal static class PictureFiles
{
    private const int JpegQuality = 95;

    /// <summary>The name of the nth picture without its ending; names sort as the numbers do.</summary>
    internal static string Name(int index) => index.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>The number in a picture's name.</summary>
    internal static int Index(string source) => int.Parse(Path.GetFileNameWithoutExtension(source), CultureInfo.InvariantCulture);

    /// <summary>Writes the first pictures of a data set, each as PNG and as JPEG, in folders of their own made anew.</summary>
    internal static void Write(ImageDataset data, int count, string pngFolder, string jpegFolder)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        Remake(pngFolder);
        Remake(jpegFolder);
        for (int index = 0; index < count; index++)
        {
            Fill(pixels, data, index);
            File.WriteAllBytes(Path.Combine(pngFolder, Name(index) + ".png"), encoder.EncodePng(pixels));
            File.WriteAllBytes(Path.Combine(jpegFolder, Name(index) + ".jpg"), encoder.EncodeJpeg(pixels, JpegQuality));
        }
    }

    /// <summary>One picture as the content of a PNG file.</summary>
    internal static byte[] Png(ImageDataset data, int index)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        Fill(pixels, data, index);
        return encoder.EncodePng(pixels).ToArray();
    }

    // Data sets keep channels apart, picture files keep them together.
    private static void Fill(PixelBuffer pixels, ImageDataset data, int index)
    {
        pixels.Resize(data.Width, data.Height, data.Channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24);
        ReadOnlySpan<byte> from = data.Image(index);
        int plane = data.Width * data.Height;
        for (int place = 0; place < from.Length; place++)
        {
            pixels.Pixels[(place % plane * data.Channels) + (place / plane)] = from[place];
        }
    }

    private static void Remake(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        Directory.CreateDirectory(folder);
    }
}
