using System.Runtime.InteropServices;
using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>
/// Images of any format to input tensors as a manifest's input spec says. After warm-up it allocates nothing. One thread at a
/// time. A level becomes exactly what <see cref="InputLevels"/> gives.
/// </summary>
public sealed class Preprocessor
{
    private readonly InputSpec _spec;
    private readonly Normalization _normalization;
    private readonly byte[] _levels;
    private readonly TensorWriter _writer;

    /// <summary>Prepares for a spec.</summary>
    /// <param name="spec">The input spec.</param>
    /// <exception cref="PackageException">The spec is wrong; the message names the field.</exception>
    public Preprocessor(InputSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        _spec = spec;
        _normalization = new Normalization(spec);
        _levels = InputLevels.Of(spec);
        PixelFormat format = spec.ColorOrder switch
        {
            ColorOrder.Rgb => PixelFormat.Rgb24,
            ColorOrder.Bgr => PixelFormat.Bgr24,
            _ => PixelFormat.Grey8,
        };
        Resampling resampling = spec.Resample == ResampleFilter.Area ? Resampling.Area : Resampling.Bilinear;
        _writer = new TensorWriter(spec.Width, spec.Height, spec.Layout == TensorLayout.Nchw, format, resampling);
    }

    /// <summary>The pixels that need no conversion.</summary>
    public PixelFormat Format => _writer.Format;

    /// <summary>How image files are to be decoded: at full size, so that every machine sees the same pixels, unless the spec allows less.</summary>
    public DecodeOptions DecodeOptions => _spec.ScaledDecode == true
        ? new(Format, _spec.Width, _spec.Height, CoverBoth: _spec.Resize != ResizeMode.Letterbox)
        : new(Format);

    /// <summary>Bytes of the tensor.</summary>
    public int ByteLength => _writer.Length * InputLevels.ElementSize(_spec.Dtype);

    /// <summary>Fills a tensor.</summary>
    /// <param name="image">The image, in any format.</param>
    /// <param name="tensor">Its elements as bytes, <see cref="ByteLength"/> of them, aligned as the element type wants it.</param>
    /// <returns>Where the image went, to map results back.</returns>
    /// <exception cref="ArgumentException">The tensor has another length.</exception>
    public Placement Run(in PixelView image, Span<byte> tensor)
    {
        Placement placement = Place(image);
        byte padding = (byte)_spec.PaddingValue;
        switch (_spec.Dtype)
        {
            case InputType.Float32:
                _writer.Write(image, placement, padding, _normalization.Multiply, _normalization.Add, MemoryMarshal.Cast<byte, float>(tensor));
                break;
            case InputType.Float16:
                _writer.Write(image, placement, padding, MemoryMarshal.Cast<byte, ushort>(_levels), MemoryMarshal.Cast<byte, ushort>(tensor));
                break;
            case InputType.UInt8 when _spec.Quantization is null:
                _writer.Write(image, placement, padding, tensor);
                break;
            default:
                _writer.Write(image, placement, padding, _levels, tensor);
                break;
        }
        return placement;
    }

    private Placement Place(in PixelView image) => _spec.Resize switch
    {
        ResizeMode.Letterbox => Placement.Letterbox(image.Width, image.Height, _spec.Width, _spec.Height, _spec.PaddingPlace == PaddingPlace.Center),
        ResizeMode.Crop => Placement.Crop(image.Width, image.Height, _spec.Width, _spec.Height),
        _ => Placement.Stretch(image.Width, image.Height, _spec.Width, _spec.Height),
    };
}
