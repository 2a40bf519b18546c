using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>Decodes JPEG images through libjpeg-turbo.</summary>
internal sealed unsafe class JpegReader : IDisposable
{
    private readonly TurboHandle _handle;
    private readonly NativeBuffer _cmyk = new();
    private readonly PixelBuffer _lying = new();

    private static ReadOnlySpan<byte> EndOfImage => [0xff, 0xd9];

    internal JpegReader()
    {
        try
        {
            _handle = TurboJpeg.InitDecompress();
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            throw ImageLibrary.TurboJpeg.Missing(exception);
        }
        if (_handle.IsInvalid)
        {
            throw new ImageException("libjpeg-turbo has no memory for a decoder");
        }
    }

    internal ImageInfo Read(ReadOnlySpan<byte> bytes, PixelBuffer target, DecodeOptions options, long maxPixels, string source)
    {
        fixed (byte* jpeg = bytes)
        {
            int result = TurboJpeg.DecompressHeader(_handle, jpeg, (nuint)bytes.Length, out int width, out int height, out _, out int colorSpace);
            // The library also fails where it knows no name for the chroma sampling; size and colour space are set and it decodes.
            if (width <= 0 || height <= 0 || colorSpace < 0 || (result != 0 && !ErrorIs("Could not determine subsampling"u8)))
            {
                throw Damaged(source);
            }
            ImageDecoder.CheckSize(width, height, maxPixels, source);
            int orientation = options.Oriented ? ExifOrientation.OfJpeg(bytes) : ExifOrientation.Upright;
            bool swaps = ExifOrientation.Swaps(orientation);
            (int scaledWidth, int scaledHeight) = Scale(width, height, options, swaps);
            PixelBuffer pixels = orientation == ExifOrientation.Upright ? target : _lying;
            pixels.Resize(scaledWidth, scaledHeight, options.Format);
            if (colorSpace is TurboJpeg.ColorSpaceCmyk or TurboJpeg.ColorSpaceYcck)
            {
                ReadCmyk(jpeg, (nuint)bytes.Length, pixels, source);
            }
            else
            {
                Decompress(jpeg, (nuint)bytes.Length, pixels.Pointer, scaledWidth, pixels.Stride, scaledHeight, Format(options.Format), source);
            }
            if (pixels != target)
            {
                TurnKernel.Upright(pixels, orientation, target);
            }
            return swaps ? new ImageInfo(ImageCodec.Jpeg, height, width) : new ImageInfo(ImageCodec.Jpeg, width, height);
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        _cmyk.Dispose();
        _lying.Dispose();
    }

    internal static int Format(PixelFormat format) => format switch
    {
        PixelFormat.Rgb24 => TurboJpeg.FormatRgb,
        PixelFormat.Bgr24 => TurboJpeg.FormatBgr,
        _ => TurboJpeg.FormatGrey,
    };

    private void Decompress(byte* jpeg, nuint size, byte* target, int width, int stride, int height, int format, string source)
    {
        const int Strict = TurboJpeg.FlagStopOnWarning | TurboJpeg.FlagLimitScans;
        if (TurboJpeg.Decompress(_handle, jpeg, size, target, width, stride, height, format, Strict) == 0)
        {
            return;
        }
        // Cameras leave stray bytes between segments; the picture is whole all the same if the file has its end.
        bool stray = ErrorIs("extraneous bytes before marker"u8) && new ReadOnlySpan<byte>(jpeg, (int)size).LastIndexOf(EndOfImage) >= 0;
        if (!stray)
        {
            throw Damaged(source);
        }
        int result = TurboJpeg.Decompress(_handle, jpeg, size, target, width, stride, height, format, TurboJpeg.FlagLimitScans);
        if (result != 0 && !ErrorIs("extraneous bytes before marker"u8))
        {
            throw Damaged(source);
        }
    }

    // Files of this kind hold inverted inks (Adobe): 255 is no ink, so a channel is its ink's light times black's.
    private void ReadCmyk(byte* jpeg, nuint size, PixelBuffer target, string source)
    {
        int count = target.Width * target.Height;
        _cmyk.Ensure((nuint)count * 4);
        Decompress(jpeg, size, _cmyk.Pointer, target.Width, target.Width * 4, target.Height, TurboJpeg.FormatCmyk, source);
        CmykKernel.Convert(new ReadOnlySpan<byte>(_cmyk.Pointer, count * 4), target.Pixels, target.Format);
    }

    private static (int Width, int Height) Scale(int width, int height, DecodeOptions options, bool swaps)
    {
        (int minimumWidth, int minimumHeight) = swaps ? (options.MinimumHeight, options.MinimumWidth) : (options.MinimumWidth, options.MinimumHeight);
        if (minimumWidth <= 0 || minimumHeight <= 0)
        {
            return (width, height);
        }
        // 1/8, 1/4 and 1/2 are the sizes that libjpeg-turbo has vector code for.
        for (int shift = 3; shift > 0; shift--)
        {
            int w = (width + (1 << shift) - 1) >> shift;
            int h = (height + (1 << shift) - 1) >> shift;
            bool wide = w >= minimumWidth, high = h >= minimumHeight;
            if (options.CoverBoth ? wide && high : wide || high)
            {
                return (w, h);
            }
        }
        return (width, height);
    }

    private bool ErrorIs(ReadOnlySpan<byte> text) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(TurboJpeg.GetErrorText(_handle)).IndexOf(text) >= 0;

    private ImageException Damaged(string source)
    {
        string reason = Marshal.PtrToStringUTF8((nint)TurboJpeg.GetErrorText(_handle)) ?? "unknown";
        return new ImageException($"{source}: a damaged or truncated JPEG image ({ImageDecoder.OneLine(reason)}); replace the file");
    }
}
