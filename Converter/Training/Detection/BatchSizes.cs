using Edge.Foundation;
using Edge.Torch;

namespace Edge.Training.Detection;

/// <summary>
/// Shows a detector batches in other sizes than the samples', so that it learns objects of more sizes: each batch with its boxes is
/// scaled to a size of its own, in multiples of 32.
/// </summary>
/// <param name="width">Columns of the samples, in pixels.</param>
/// <param name="height">Rows of the samples, in pixels.</param>
/// <param name="reach">How far sizes go at most, as a share either way.</param>
/// <param name="seed">The same seed gives the same sizes.</param>
internal sealed class BatchSizes(int width, int height, double reach, ulong seed)
{
    private const int Step = 32;
    private static readonly Operator Resize = new("aten::upsample_bilinear2d");
    private static readonly Operator Multiply = new("aten::mul", "Tensor");

    /// <summary>The size of a batch.</summary>
    /// <param name="number">The batch's number since the very beginning.</param>
    public (int Width, int Height) Of(long number)
    {
        var random = new SplitMix64(SplitMix64.Mix(~seed, (ulong)number));
        double factor = 1 + (reach * ((random.NextDouble() * 2) - 1));
        return (Rounded(width * factor), Rounded(height * factor));
    }

    /// <summary>The pictures in a size; the caller disposes them.</summary>
    /// <param name="pictures">[N, channels, height, width] float.</param>
    /// <param name="size">The size.</param>
    public static Tensor Scale(Tensor pictures, (int Width, int Height) size) =>
        Resize.Call(pictures, new long[] { size.Height, size.Width }, false, Argument.None, Argument.None);

    /// <summary>The boxes as they are in pictures of that size; the caller disposes them.</summary>
    /// <param name="boxes">[N, boxes, 5]: class, centre and size in pixels of the samples.</param>
    /// <param name="size">The size.</param>
    public Tensor ScaleBoxes(Tensor boxes, (int Width, int Height) size)
    {
        (float x, float y) = ((float)size.Width / width, (float)size.Height / height);
        using Tensor factors = Tensor.From<float>([1, x, y, x, y], [BoxTarget.Width], boxes.Device);
        return Multiply.Call(boxes, factors);
    }

    private static int Rounded(double side) => Math.Max(Step, (int)Math.Round(side / Step) * Step);
}
