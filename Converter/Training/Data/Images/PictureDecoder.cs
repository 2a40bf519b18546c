using Edge.Imaging;

namespace Edge.Training.Data;

/// <summary>What one thread needs to decode pictures; its native memory is freed when nobody refers to it any more.</summary>
internal sealed class PictureDecoder(int height, int width, ImageFolderOptions options) : IDisposable
{
    private readonly FileReader _files = new() { MaxBytes = PictureStore.MaximumFileBytes };
    private readonly ImageDecoder _decoder = new();
    private readonly PixelBuffer _pixels = new();
    private readonly TensorWriter _writer = new(width, height, planar: true, Format(options));
    private readonly byte[] _levels = [.. Enumerable.Range(0, 256 * options.Channels).Select(i => (byte)i)];
    private readonly byte[] _result = new byte[options.Channels * height * width];

    /// <summary>A picture's pixels at the size wanted, [channels, height, width], until the next call.</summary>
    public ReadOnlySpan<byte> Decode(string path)
    {
        _decoder.Decode(_files.Read(path), _pixels, new DecodeOptions(Format(options), width, height), path);
        Placement placement = options.KeepAspect
            ? Placement.Crop(_pixels.Width, _pixels.Height, width, height)
            : Placement.Stretch(_pixels.Width, _pixels.Height, width, height);
        _writer.Write(_pixels.View, placement, 0, _levels, _result.AsSpan());
        return _result;
    }

    private static PixelFormat Format(ImageFolderOptions options) => options.Channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24;

    /// <summary>Frees native memory.</summary>
    public void Dispose()
    {
        _files.Dispose();
        _decoder.Dispose();
        _pixels.Dispose();
    }
}
