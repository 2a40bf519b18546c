namespace Edge.Imaging;

/// <summary>
/// Decodes JPEG (baseline, progressive; grey, YCbCr, RGB, CMYK, YCCK) and PNG (all kinds; 16 bits are reduced to 8,
/// transparency is laid on black) into a <see cref="PixelBuffer"/>, told apart by their first bytes. After warm-up it
/// allocates nothing on the managed heap. One thread at a time; dispose it to give native memory back.
/// </summary>
public sealed class ImageDecoder : IDisposable
{
    private readonly PngReader _png = new();
    private JpegReader? _jpeg;
    private bool _disposed;

    /// <summary>The most pixels an image may have; checked before memory is taken. 64 Mi unless told.</summary>
    public long MaxPixels { get; init; } = 64L << 20;

    /// <summary>Decodes an image.</summary>
    /// <param name="bytes">The whole image file.</param>
    /// <param name="target">Gets the size, the format and the pixels; after a failure its content means nothing.</param>
    /// <param name="options">What pixels are wanted.</param>
    /// <param name="source">The image's name, for messages.</param>
    /// <returns>What the file says about itself.</returns>
    /// <exception cref="ArgumentException">The pixels wanted are YUV.</exception>
    /// <exception cref="ImageException">Neither JPEG nor PNG, damaged, truncated, too large, or the codec library is missing.</exception>
    public ImageInfo Decode(ReadOnlySpan<byte> bytes, PixelBuffer target, DecodeOptions options, string source = "image")
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(target);
        if (PixelLayout.IsYuv(options.Format))
        {
            throw new ArgumentException($"images are decoded to RGB, BGR or grey, not to {options.Format}", nameof(options));
        }
        switch (ImageFormats.Sniff(bytes))
        {
            case ImageCodec.Jpeg:
                _jpeg ??= new JpegReader();
                return _jpeg.Read(bytes, target, options, MaxPixels, source);
            case ImageCodec.Png:
                return _png.Read(bytes, target, options, MaxPixels, source);
            default:
                throw ImageFormats.NotAnImage(source, bytes);
        }
    }

    /// <summary>Gives native memory back.</summary>
    public void Dispose()
    {
        _disposed = true;
        _jpeg?.Dispose();
        _png.Dispose();
    }

    /// <summary>Refuses an image that is too large, before memory is taken for it.</summary>
    internal static void CheckSize(int width, int height, long maxPixels, string source)
    {
        // Colour must fit into one buffer whatever the limit is.
        if (width <= 0 || height <= 0 || (long)width * height > Math.Min(maxPixels, int.MaxValue / 4))
        {
            throw new ImageException($"{source}: {width} × {height} pixels are more than the limit of {maxPixels}; make the image smaller");
        }
    }

    /// <summary>A library's message, fit for one line.</summary>
    internal static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
