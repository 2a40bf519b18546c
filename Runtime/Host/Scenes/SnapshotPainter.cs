using System.Globalization;
using Edge.Imaging;
using Edge.Inference;

namespace Edge.Runtime.Scenes;

/// <summary>Makes the JPEG of a snapshot: first what is to be unrecognizable, then the box. One thread at a time.</summary>
/// <param name="plan">How.</param>
/// <param name="labels">One name a class.</param>
internal sealed class SnapshotPainter(SnapshotPlan plan, IReadOnlyList<string> labels) : IDisposable
{
    /// <summary>A blurred thing is so many squares large, and a blurred picture four times as many.</summary>
    private const int SquaresAcross = 8;
    private const int LeastSquare = 8;

    private readonly ImageDecoder _decoder = new();
    private readonly ImageEncoder _encoder = new();
    private readonly PixelBuffer _pixels = new();

    /// <summary>Paints.</summary>
    /// <returns>The file, valid until the next call.</returns>
    /// <exception cref="ImageException">The frame cannot be decoded.</exception>
    internal ReadOnlySpan<byte> Paint(SnapshotJob job)
    {
        if (job.Frame.Format is not null)
        {
            _pixels.CopyFrom(job.Frame.Pixels, PixelFormat.Rgb24);
        }
        else
        {
            _decoder.Decode(job.Frame.Bytes, _pixels, new DecodeOptions(PixelFormat.Rgb24), job.Frame.Label);
        }
        var canvas = new Canvas(_pixels);
        foreach (ref readonly Box box in job.Blurred)
        {
            (int left, int top, int right, int bottom) = Edges(box);
            canvas.Pixelate(left, top, right, bottom, Math.Max(Math.Min(right - left, bottom - top) / SquaresAcross, LeastSquare));
        }
        if (plan.BlursOutside)
        {
            (int left, int top, int right, int bottom) = Edges(job.Box);
            int square = Math.Max(Math.Min(_pixels.Width, _pixels.Height) / (4 * SquaresAcross), LeastSquare);
            canvas.Pixelate(0, 0, _pixels.Width, top, square);
            canvas.Pixelate(0, top, left, bottom, square);
            canvas.Pixelate(right, top, _pixels.Width, bottom, square);
            canvas.Pixelate(0, bottom, _pixels.Width, _pixels.Height, square);
        }
        Draw(canvas, job);
        return _encoder.EncodeJpeg(_pixels, plan.Quality);
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _encoder.Dispose();
        _pixels.Dispose();
    }

    private void Draw(Canvas canvas, SnapshotJob job)
    {
        (int left, int top, int right, int bottom) = Edges(job.Box);
        string label = job.Class < labels.Count ? labels[job.Class] : job.Class.ToString(CultureInfo.InvariantCulture);
        canvas.Box(left, top, right, bottom, string.Create(CultureInfo.InvariantCulture, $"{label} {job.Score:F2} #{job.Id}"), Color.OfClass(job.Class));
    }

    /// <summary>A box in whole pixels of the picture; a filtered one may reach beyond it.</summary>
    private (int Left, int Top, int Right, int Bottom) Edges(in Box box) => (
        (int)Math.Clamp(box.Left, 0, _pixels.Width), (int)Math.Clamp(box.Top, 0, _pixels.Height),
        (int)Math.Clamp(MathF.Ceiling(box.Right), 0, _pixels.Width), (int)Math.Clamp(MathF.Ceiling(box.Bottom), 0, _pixels.Height));
}
