using Edge.Imaging;
using Edge.Inference;

namespace Edge.Scenes;

/// <summary>
/// YOLOX and FastestDet as their authors publish them, in the plainest code: float arithmetic, a pixel at a time, nothing shared with
/// the runtime but the engine and the codec. What the runtime finds is held against this.
/// </summary>
public sealed class ReferenceDetector : IDisposable
{
    private readonly ModelSession _session;
    private readonly int _side;
    private readonly bool _isYoloX;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="side">The side of its square input.</param>
    /// <param name="isYoloX">YOLOX, or else FastestDet.</param>
    public ReferenceDetector(string model, int side, bool isYoloX)
    {
        _session = new ModelSession(File.ReadAllBytes(model), new SessionSettings { Threads = 1 });
        (_side, _isYoloX) = (side, isYoloX);
    }

    /// <summary>Finds boxes.</summary>
    /// <param name="jpeg">A JPEG or PNG file.</param>
    /// <param name="threshold">The least score.</param>
    /// <param name="overlap">Of boxes of one class that overlap more than this, the surest stays.</param>
    /// <returns>The boxes in source pixels, the surest first.</returns>
    public IReadOnlyList<Detection> Detect(ReadOnlySpan<byte> jpeg, double threshold, double overlap)
    {
        using var decoder = new ImageDecoder();
        using var image = new PixelBuffer();
        decoder.Decode(jpeg, image, new DecodeOptions(PixelFormat.Bgr24));
        double ratio = Math.Min((double)_side / image.Width, (double)_side / image.Height);
        (int width, int height) = _isYoloX ? ((int)(image.Width * ratio), (int)(image.Height * ratio)) : (_side, _side);
        Span<float> input = _session.Input<float>();
        input.Fill(114);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    double value = Math.Round(Sample(image, (x + 0.5) * image.Width / width, (y + 0.5) * image.Height / height, channel));
                    input[(((channel * _side) + y) * _side) + x] = (float)(_isYoloX ? value : value / 255);
                }
            }
        }
        _session.Run();
        List<(double X, double Y, double Width, double Height, int Class, double Score)> found = _isYoloX ? YoloX() : FastestDet();
        (double scaleX, double scaleY) = _isYoloX ? (1 / ratio, 1 / ratio) : ((double)image.Width / _side, (double)image.Height / _side);
        var boxes = new List<Detection>();
        foreach ((double x, double y, double w, double h, int number, double score) in found.Where(f => f.Score >= threshold).OrderByDescending(f => f.Score))
        {
            var box = new Box((float)((x - (w / 2)) * scaleX), (float)((y - (h / 2)) * scaleY), (float)((x + (w / 2)) * scaleX), (float)((y + (h / 2)) * scaleY));
            if (!boxes.Exists(b => b.Class == number && Box.Overlap(b.Box, box) > overlap))
            {
                boxes.Add(new Detection(box, number, (float)score));
            }
        }
        return [.. boxes.Select(b => new Detection(
            Math.Clamp(b.Left, 0, image.Width), Math.Clamp(b.Top, 0, image.Height), Math.Clamp(b.Right, 0, image.Width), Math.Clamp(b.Bottom, 0, image.Height), b.Class, b.Score))];
    }

    /// <summary>Lets go of the model.</summary>
    public void Dispose() => _session.Dispose();

    // OpenCV's INTER_LINEAR: pixel centres at 0.5, edges repeated.
    private static double Sample(PixelBuffer image, double x, double y, int channel)
    {
        (double px, double py) = (Math.Clamp(x - 0.5, 0, image.Width - 1), Math.Clamp(y - 0.5, 0, image.Height - 1));
        (int left, int top) = ((int)px, (int)py);
        (int right, int bottom) = (Math.Min(left + 1, image.Width - 1), Math.Min(top + 1, image.Height - 1));
        (double fx, double fy) = (px - left, py - top);
        double Pixel(int column, int row) => image.Row(row)[(column * 3) + channel];
        return ((1 - fy) * (((1 - fx) * Pixel(left, top)) + (fx * Pixel(right, top)))) + (fy * (((1 - fx) * Pixel(left, bottom)) + (fx * Pixel(right, bottom))));
    }

    // yolox/utils/demo_utils.py: demo_postprocess.
    private List<(double X, double Y, double Width, double Height, int Class, double Score)> YoloX()
    {
        float[] output = _session.Output().ToArray();
        var found = new List<(double, double, double, double, int, double)>();
        int row = 0;
        foreach (int stride in (int[])[8, 16, 32])
        {
            for (int cell = 0; cell < _side / stride * (_side / stride); cell++, row++)
            {
                float[] c = output[(row * 85)..((row + 1) * 85)];
                int best = Array.IndexOf(c[5..], c[5..].Max());
                found.Add((
                    (c[0] + (cell % (_side / stride))) * stride, (c[1] + (cell / (_side / stride))) * stride,
                    Math.Exp(c[2]) * stride, Math.Exp(c[3]) * stride, best, (double)c[4] * c[5 + best]));
            }
        }
        return found;
    }

    // FastestDet, tool.py: handle_preds.
    private List<(double X, double Y, double Width, double Height, int Class, double Score)> FastestDet()
    {
        float[] output = _session.Output().ToArray();
        int grid = _side / 16, cells = grid * grid;
        var found = new List<(double, double, double, double, int, double)>();
        for (int cell = 0; cell < cells; cell++)
        {
            double At(int channel) => output[(channel * cells) + cell];
            int best = Enumerable.Range(0, 80).MaxBy(i => At(5 + i));
            found.Add((
                (Math.Tanh(At(1)) + (cell % grid)) * _side / grid, (Math.Tanh(At(2)) + (cell / grid)) * _side / grid,
                _side / (1 + Math.Exp(-At(3))), _side / (1 + Math.Exp(-At(4))), best, Math.Pow(At(0), 0.6) * Math.Pow(At(5 + best), 0.4)));
        }
        return found;
    }
}
