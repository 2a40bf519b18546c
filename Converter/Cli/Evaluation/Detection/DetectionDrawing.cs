using System.Globalization;
using Edge.Imaging;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>Draws what a detector found, and what it should have found, on pictures for reports. For one thread at a time.</summary>
/// <param name="side">The longer side of the pictures in pixels.</param>
internal sealed class DetectionDrawing(int side) : IDisposable
{
    private const int Gap = 4;
    private const int SheetQuality = 80;

    private readonly FileReader _reader = new();
    private readonly ImageDecoder _decoder = new();
    private readonly ImageEncoder _encoder = new();
    private readonly PixelBuffer _source = new();
    private readonly PixelBuffer _canvas = new();

    /// <summary>Draws.</summary>
    /// <param name="picture">The picture, with what was found.</param>
    /// <param name="names">One name a class.</param>
    /// <param name="withTruth">Whether true boxes are drawn too: thin and white, under those found.</param>
    /// <returns>A PNG file.</returns>
    internal byte[] Png(JudgedPicture picture, IReadOnlyList<string> names, bool withTruth)
    {
        Draw(picture, names, withTruth);
        return _encoder.EncodePng(_canvas).ToArray();
    }

    private void Draw(JudgedPicture picture, IReadOnlyList<string> names, bool withTruth)
    {
        Load(picture.Path, out double scale);
        var canvas = new Canvas(_canvas);
        foreach (TrueBox truth in withTruth ? picture.Truth : [])
        {
            (int left, int top, int right, int bottom) = Scaled(truth.Box, scale);
            canvas.Outline(left, top, right, bottom, 1, Color.White);
        }
        // The surest is drawn last, over the others.
        foreach (FoundBox box in picture.Found.OrderBy(box => box.Score))
        {
            (int left, int top, int right, int bottom) = Scaled(box.Box, scale);
            canvas.Box(left, top, right, bottom, string.Create(CultureInfo.InvariantCulture, $"{names[box.Class]} {box.Score:F2}"), Color.OfClass(box.Class));
        }
    }

    /// <summary>Draws several pictures beside and below each other, in squares.</summary>
    /// <param name="pictures">The pictures, row by row, with what was found.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="names">One name a class.</param>
    /// <returns>A JPEG file.</returns>
    internal byte[] Sheet(IReadOnlyList<JudgedPicture> pictures, int columns, IReadOnlyList<string> names)
    {
        using var sheet = new PixelBuffer();
        sheet.Resize(columns * (side + Gap), ((pictures.Count + columns - 1) / columns) * (side + Gap), PixelFormat.Rgb24);
        sheet.Pixels.Fill(byte.MaxValue);
        for (int i = 0; i < pictures.Count; i++)
        {
            Draw(pictures[i], names, withTruth: false);
            for (int y = 0; y < _canvas.Height; y++)
            {
                _canvas.Row(y).CopyTo(sheet.Row(((i / columns) * (side + Gap)) + y)[((i % columns) * (side + Gap) * 3)..]);
            }
        }
        return _encoder.EncodeJpeg(sheet, SheetQuality).ToArray();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _decoder.Dispose();
        _encoder.Dispose();
        _source.Dispose();
        _canvas.Dispose();
    }

    private void Load(string path, out double scale)
    {
        _decoder.Decode(_reader.Read(path), _source, new DecodeOptions(PixelFormat.Rgb24), path);
        scale = (double)side / Math.Max(_source.Width, _source.Height);
        (int width, int height) = (Math.Max(1, (int)Math.Round(_source.Width * scale)), Math.Max(1, (int)Math.Round(_source.Height * scale)));
        _canvas.Resize(width, height, PixelFormat.Rgb24);
        new TensorWriter(width, height, planar: false, PixelFormat.Rgb24).Write(_source.View, Placement.Stretch(_source.Width, _source.Height, width, height), 0, _canvas.Pixels);
    }

    private static (int Left, int Top, int Right, int Bottom) Scaled(PixelBox box, double scale) =>
        ((int)(box.X * scale), (int)(box.Y * scale), (int)Math.Ceiling((box.X + box.Width) * scale), (int)Math.Ceiling((box.Y + box.Height) * scale));
}
