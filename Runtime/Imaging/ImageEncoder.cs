using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>
/// Encodes a <see cref="PixelBuffer"/> as JPEG or PNG into memory of its own, which it uses again: after warm-up nothing is
/// allocated on the managed heap. One thread at a time; dispose it to give native memory back.
/// </summary>
public sealed unsafe class ImageEncoder : IDisposable
{
    private readonly NativeBuffer _output = new();
    private TurboHandle? _turbo;
    private bool _disposed;

    /// <summary>Encodes as baseline JPEG.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">1 (smallest) to 100 (best).</param>
    /// <param name="fullChroma">True keeps colour at full resolution (4:4:4); false halves it both ways (4:2:0). Grey images have none.</param>
    /// <returns>The file's bytes, valid until the next call or <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">The image is empty or YUV, or the quality out of range.</exception>
    /// <exception cref="ImageException">The library is missing or refuses the image (a side above 65,535).</exception>
    public ReadOnlySpan<byte> EncodeJpeg(PixelBuffer image, int quality = 85, bool fullChroma = false)
    {
        CheckImage(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        int sampling = image.Format == PixelFormat.Grey8 ? TurboJpeg.SamplingGrey : fullChroma ? TurboJpeg.Sampling444 : TurboJpeg.Sampling420;
        try
        {
            _turbo ??= TurboJpeg.InitCompress();
            _output.Ensure(TurboJpeg.BufferSize(image.Width, image.Height, sampling));
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            throw ImageLibrary.TurboJpeg.Missing(exception);
        }
        byte* jpeg = _output.Pointer;
        nuint size = _output.Capacity;
        if (TurboJpeg.Compress(_turbo, image.Pointer, image.Width, image.Stride, image.Height, JpegReader.Format(image.Format), &jpeg, &size, sampling, quality, TurboJpeg.FlagNoRealloc) != 0)
        {
            string reason = Marshal.PtrToStringUTF8((nint)TurboJpeg.GetErrorText(_turbo)) ?? "unknown";
            throw new ImageException($"an image of {image.Width} × {image.Height} pixels cannot be written as JPEG ({ImageDecoder.OneLine(reason)})");
        }
        return new ReadOnlySpan<byte>(jpeg, (int)size);
    }

    /// <summary>Encodes as PNG, 8 bits a channel, without loss.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The file's bytes, valid until the next call or <see cref="Dispose"/>.</returns>
    /// <exception cref="ArgumentException">The image is empty or YUV.</exception>
    /// <exception cref="ImageException">The library is missing or refuses the image.</exception>
    public ReadOnlySpan<byte> EncodePng(PixelBuffer image)
    {
        CheckImage(image);
        LibPng.Image header = default;
        header.Version = LibPng.ImageVersion;
        header.Width = (uint)image.Width;
        header.Height = (uint)image.Height;
        header.Format = image.Format switch
        {
            PixelFormat.Rgb24 => LibPng.FormatRgb,
            PixelFormat.Bgr24 => LibPng.FormatBgr,
            _ => LibPng.FormatGrey,
        };
        _output.Ensure(PngBound(image));
        nuint size = _output.Capacity;
        try
        {
            if (LibPng.WriteToMemory(&header, _output.Pointer, &size, 0, image.Pointer, image.Stride, null) == 0)
            {
                header.Message[63] = 0;
                throw new ImageException($"an image of {image.Width} × {image.Height} pixels cannot be written as PNG ({ImageDecoder.OneLine(Marshal.PtrToStringUTF8((nint)header.Message) ?? "unknown")})");
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            throw ImageLibrary.Png.Missing(exception);
        }
        return new ReadOnlySpan<byte>(_output.Pointer, (int)size);
    }

    /// <summary>Gives native memory back.</summary>
    public void Dispose()
    {
        _disposed = true;
        _turbo?.Dispose();
        _output.Dispose();
    }

    // A filter byte a row, deflate's worst case, 12 bytes around every 8 KiB, and the chunks that are always there.
    private static nuint PngBound(PixelBuffer image)
    {
        nuint raw = ((nuint)image.Stride + 1) * (nuint)image.Height;
        nuint deflated = raw + (raw >> 3) + (raw >> 6) + 64;
        return deflated + ((deflated >> 13) * 12) + 1024;
    }

    private void CheckImage(PixelBuffer image)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(image);
        if (image.Width == 0 || PixelLayout.IsYuv(image.Format))
        {
            throw new ArgumentException("the image is empty or YUV", nameof(image));
        }
    }
}
