using Edge.Cli.Models;
using Edge.Graph;
using Edge.Graph.Passes;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;

namespace Edge.Cli.Samples;

/// <summary>Brings pictures into the size, layout and type that an input takes, with the arithmetic of the device.</summary>
internal sealed class PictureSpec
{
    private const int LargestFile = 256 << 20;

    private readonly string _source;
    private readonly InputNormalization? _normalization;
    private readonly InputSpec? _card;
    private readonly ColorOrder _color;

    internal PictureSpec(OnnxModel model, Value input, string source, InputNormalization? normalization, ColorOrder? color)
    {
        (Input, _source, _normalization) = (input, source, normalization);
        _card = ModelCard.Read(model, source)?.Input;
        _color = color ?? (_card?.ColorOrder == ColorOrder.Bgr ? ColorOrder.Bgr : ColorOrder.Rgb);
    }

    /// <summary>The input.</summary>
    internal Value Input { get; }

    /// <summary>Reads a picture.</summary>
    /// <exception cref="ModelFormatException">The input takes no pictures.</exception>
    /// <exception cref="Foundation.InputException">The file is no picture.</exception>
    internal OnnxTensor Read(string file)
    {
        if (Input is not { ElementType: ElementType.Float or ElementType.Float16 or ElementType.UInt8, Shape: { Rank: 4 } shape } || Planar(shape) is not { } planar)
        {
            throw new ModelFormatException($"{file}: input {Input} of {_source} takes no pictures; give a tensor (.npy, .pb, .bin)");
        }
        if (new FileInfo(file).Length > LargestFile)
        {
            throw new ModelFormatException($"{file}: has more than {LargestFile} bytes; give a smaller picture");
        }
        int channels = (int)(planar ? shape[1] : shape[3]).Size!.Value;
        using var decoder = new ImageDecoder();
        using var picture = new PixelBuffer();
        decoder.Decode(File.ReadAllBytes(file), picture, new DecodeOptions(channels == 1 ? PixelFormat.Grey8 : _color == ColorOrder.Bgr ? PixelFormat.Bgr24 : PixelFormat.Rgb24), file);
        InputSpec spec = Spec(planar, channels, Side(shape[planar ? 2 : 1], picture.Height, file), Side(shape[planar ? 3 : 2], picture.Width, file));
        int batch = (int)Math.Clamp(shape[0].Size ?? 1, 1, 4096);
        return Fill(spec, picture, planar ? [batch, channels, spec.Height, spec.Width] : [batch, spec.Height, spec.Width, channels]);
    }

    // The axis that is 1 or 3 long holds the channels.
    private static bool? Planar(TensorShape shape) => shape[1].Size is 1 or 3 ? true : shape[3].Size is 1 or 3 ? false : null;

    // An open side is as long as the picture's.
    private int Side(Dimension dimension, int own, string file) => dimension.Size is not { } size ? own
        : size is > 0 and <= InputSpec.MaxSide ? (int)size
        : throw new ModelFormatException($"{file}: input {Input} of {_source} is no size for a picture; give a tensor (.npy, .pb, .bin)");

    private InputSpec Spec(bool planar, int channels, int height, int width)
    {
        bool isBytes = Input.ElementType == ElementType.UInt8;
        var spec = new InputSpec
        {
            Width = width,
            Height = height,
            Channels = channels,
            Layout = planar ? TensorLayout.Nchw : TensorLayout.Nhwc,
            Dtype = isBytes ? InputType.UInt8 : Input.ElementType == ElementType.Float16 ? InputType.Float16 : InputType.Float32,
            Resize = _card?.Resize ?? ResizeMode.Stretch,
            ColorOrder = channels == 1 ? ColorOrder.Grey : _color,
        };
        if (isBytes)
        {
            return spec;
        }
        if (_normalization is { } asked)
        {
            (spec.Scale, spec.Mean, spec.Std) = ((float)asked.Scale, [.. asked.Mean.Select(number => (float)number)], [.. asked.Deviation.Select(number => (float)number)]);
        }
        else if (_card is not null)
        {
            (spec.Scale, spec.Mean, spec.Std) = (_card.Scale, _card.Mean, _card.Std);
        }
        return spec;
    }

    private OnnxTensor Fill(InputSpec spec, PixelBuffer picture, long[] dims)
    {
        var preprocessor = new Preprocessor(spec);
        byte[] item = new byte[preprocessor.ByteLength];
        preprocessor.Run(picture.View, item);
        return new OnnxTensor(Input.ElementType!.Value, dims, Repeat(item, dims[0]));
    }

    // A fixed batch gets the same picture throughout.
    private static byte[] Repeat(byte[] item, long count)
    {
        byte[] all = new byte[checked((int)(item.Length * count))];
        for (int start = 0; start < all.Length; start += item.Length)
        {
            item.CopyTo(all, start);
        }
        return all;
    }
}
