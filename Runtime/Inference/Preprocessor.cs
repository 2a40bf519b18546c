using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// Images of any format to input tensors as a manifest's input spec says. After warm-up it allocates nothing. One thread at a
/// time; dispose it to give native memory back.
/// A pixel that is not resampled becomes exactly what <see cref="Normalization.Apply(byte, int)"/> gives.
/// </summary>
public sealed class Preprocessor : IDisposable
{
    private readonly InputSpec _spec;
    private readonly TensorWriter _writer;
    private readonly PixelBuffer _converted = new();

    /// <summary>Prepares for a spec.</summary>
    /// <param name="spec">The input spec.</param>
    /// <exception cref="PackageException">The spec is wrong; the message names the field.</exception>
    public Preprocessor(InputSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        _spec = spec;
        var normalization = new Normalization(spec);
        _writer = new TensorWriter(spec.Width, spec.Height, spec.Layout == TensorLayout.Nchw, normalization.Multiply, normalization.Add);
    }

    /// <summary>The pixels that need no conversion.</summary>
    public PixelFormat Format => _spec.ColorOrder switch
    {
        ColorOrder.Rgb => PixelFormat.Rgb24,
        ColorOrder.Bgr => PixelFormat.Bgr24,
        _ => PixelFormat.Grey8,
    };

    /// <summary>How images are to be decoded: at full size, so that every machine sees the same pixels.</summary>
    public DecodeOptions DecodeOptions => new(Format);

    /// <summary>Elements of the tensor.</summary>
    public int Length => _writer.Length;

    /// <summary>Fills a float32 tensor.</summary>
    /// <param name="image">The image, in any format.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <returns>Where the image went, to map results back.</returns>
    /// <exception cref="ArgumentException">The tensor has another length.</exception>
    public Placement Run(in PixelView image, Span<float> tensor)
    {
        PixelView pixels = Convert(image);
        Placement placement = Place(pixels);
        _writer.Write(pixels, placement, (byte)_spec.PaddingValue, tensor);
        return placement;
    }

    /// <summary>Fills a uint8 tensor with the pixels themselves.</summary>
    /// <param name="image">The image, in any format.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <returns>Where the image went, to map results back.</returns>
    /// <exception cref="ArgumentException">The tensor has another length.</exception>
    public Placement Run(in PixelView image, Span<byte> tensor)
    {
        PixelView pixels = Convert(image);
        Placement placement = Place(pixels);
        _writer.Write(pixels, placement, (byte)_spec.PaddingValue, tensor);
        return placement;
    }

    /// <summary>Gives native memory back.</summary>
    public void Dispose() => _converted.Dispose();

    private PixelView Convert(in PixelView image)
    {
        if (image.Format == Format)
        {
            return image;
        }
        _converted.CopyFrom(image, Format);
        return _converted.View;
    }

    private Placement Place(in PixelView image) => _spec.Resize switch
    {
        ResizeMode.Letterbox => Placement.Letterbox(image.Width, image.Height, _spec.Width, _spec.Height, _spec.PaddingPlace == PaddingPlace.Center),
        ResizeMode.Crop => Placement.Crop(image.Width, image.Height, _spec.Width, _spec.Height),
        _ => Placement.Stretch(image.Width, image.Height, _spec.Width, _spec.Height),
    };
}
