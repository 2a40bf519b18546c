using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// Images to input tensors as a manifest's input spec says. After warm-up it allocates nothing. One thread at a time.
/// A pixel that is not resampled becomes exactly what <see cref="Normalization.Apply(byte, int)"/> gives.
/// </summary>
public sealed class Preprocessor
{
    private readonly InputSpec _spec;
    private readonly TensorWriter _writer;

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

    /// <summary>The pixels that images must be decoded to.</summary>
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
    /// <param name="image">The image, in <see cref="Format"/>.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <returns>Where the image went, to map results back.</returns>
    /// <exception cref="ArgumentException">The image has another format, or the tensor another length.</exception>
    public Placement Run(PixelBuffer image, Span<float> tensor)
    {
        Placement placement = Place(image);
        _writer.Write(image, placement, (byte)_spec.PaddingValue, tensor);
        return placement;
    }

    /// <summary>Fills a uint8 tensor with the pixels themselves.</summary>
    /// <param name="image">The image, in <see cref="Format"/>.</param>
    /// <param name="tensor"><see cref="Length"/> elements.</param>
    /// <returns>Where the image went, to map results back.</returns>
    /// <exception cref="ArgumentException">The image has another format, or the tensor another length.</exception>
    public Placement Run(PixelBuffer image, Span<byte> tensor)
    {
        Placement placement = Place(image);
        _writer.Write(image, placement, (byte)_spec.PaddingValue, tensor);
        return placement;
    }

    private Placement Place(PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Format != Format || image.Width == 0)
        {
            throw new ArgumentException($"the image is {image.Format}, not {Format}, or empty", nameof(image));
        }
        return _spec.Resize switch
        {
            ResizeMode.Letterbox => Placement.Letterbox(image.Width, image.Height, _spec.Width, _spec.Height, _spec.PaddingPlace == PaddingPlace.Center),
            ResizeMode.Crop => Placement.Crop(image.Width, image.Height, _spec.Width, _spec.Height),
            _ => Placement.Stretch(image.Width, image.Height, _spec.Width, _spec.Height),
        };
    }
}
