using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Edge.Imaging;

/// <summary>Decodes PNG images through libpng.</summary>
internal sealed unsafe class PngReader : IDisposable
{
    private readonly NativeBuffer _color = new();

    internal ImageInfo Read(ReadOnlySpan<byte> bytes, PixelBuffer target, DecodeOptions options, long maxPixels, string source)
    {
        if (!IsWhole(bytes))
        {
            throw new ImageException($"{source}: a truncated or damaged PNG image (its end is missing); replace the file");
        }
        LibPng.Image image = default;
        image.Version = LibPng.ImageVersion;
        fixed (byte* png = bytes)
        {
            try
            {
                if (LibPng.BeginReadFromMemory(&image, png, (nuint)bytes.Length) == 0)
                {
                    throw Damaged(&image, source);
                }
                ImageDecoder.CheckSize((int)Math.Min(image.Width, int.MaxValue), (int)Math.Min(image.Height, int.MaxValue), maxPixels, source);
                var info = new ImageInfo(ImageCodec.Png, (int)image.Width, (int)image.Height);
                Finish(&image, target, options.Format, IsInterlaced16(bytes), source);
                return info;
            }
            catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
            {
                throw ImageLibrary.Png.Missing(exception);
            }
            finally
            {
                if (image.Opaque != 0)
                {
                    LibPng.Free(&image);
                }
            }
        }
    }

    public void Dispose() => _color.Dispose();

    private void Finish(LibPng.Image* image, PixelBuffer target, PixelFormat format, bool throughLinear, string source)
    {
        int width = (int)image->Width, height = (int)image->Height;
        bool isColor = (image->Format & LibPng.FormatFlagColor) != 0;
        bool hasAlpha = (image->Format & LibPng.FormatFlagAlpha) != 0;
        image->Flags |= LibPng.Flag16BitSrgb;
        target.Resize(width, height, format);
        if (throughLinear)
        {
            _color.Ensure((nuint)width * (nuint)height * 4 * sizeof(ushort));
            image->Format = LibPng.FormatLinearRgba;
            FinishRead(image, _color.Pointer, width * 4, source);
            for (int y = 0; y < height; y++)
            {
                LinearKernel.OnBlack(new ReadOnlySpan<ushort>((ushort*)_color.Pointer + ((nint)y * width * 4), width * 4), target.Row(y), format);
            }
            return;
        }
        // libpng's own grey weighs linear light, ours is the luma that JPEG stores; and it would compose in linear light.
        if (hasAlpha || (isColor && format == PixelFormat.Grey8))
        {
            int stride = checked(width * 4);
            _color.Ensure((nuint)stride * (nuint)height);
            image->Format = LibPng.FormatRgba;
            FinishRead(image, _color.Pointer, stride, source);
            RgbaKernel.OnBlack(new ReadOnlySpan<byte>(_color.Pointer, stride * height), target.Pixels, format);
            return;
        }
        image->Format = format switch
        {
            PixelFormat.Rgb24 => LibPng.FormatRgb,
            PixelFormat.Bgr24 => LibPng.FormatBgr,
            _ => LibPng.FormatGrey,
        };
        FinishRead(image, target.Pointer, target.Stride, source);
    }

    private static void FinishRead(LibPng.Image* image, byte* pixels, int stride, string source)
    {
        if (LibPng.FinishRead(image, null, pixels, stride, null) == 0)
        {
            throw Damaged(image, source);
        }
    }

    // libpng stops after the last pixel; a file cut off behind it was not written to its end either.
    private static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        const int Magic = 8, Overhead = 12;
        ReadOnlySpan<byte> rest = bytes.Length < Magic ? [] : bytes[Magic..];
        while (rest.Length >= Overhead)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > (uint)(rest.Length - Overhead))
            {
                return false;
            }
            if (rest[4..8].SequenceEqual("IEND"u8))
            {
                return true;
            }
            rest = rest[((int)length + Overhead)..];
        }
        return false;
    }

    // The simplified API of 1.6.39 mixes up the 8-bit pixels of such files; their linear 16-bit pixels are right, but for a few
    // levels in the dark (PngSuite basi0g16, basi2c16, basi4a16, basi6a16 against their twins without interlace).
    private static bool IsInterlaced16(ReadOnlySpan<byte> bytes)
    {
        const int Depth = 24, Interlace = 28;
        return bytes.Length > Interlace && bytes[Depth] == 16 && bytes[Interlace] == 1;
    }

    private static ImageException Damaged(LibPng.Image* image, string source)
    {
        image->Message[63] = 0;
        string reason = Marshal.PtrToStringUTF8((nint)image->Message) ?? "unknown";
        return new ImageException($"{source}: a damaged PNG image ({ImageDecoder.OneLine(reason)}); replace the file");
    }
}
