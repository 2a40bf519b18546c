using Edge.Testing;

namespace Edge.Imaging.Tests;

public sealed class DecoderTests : IDisposable
{
    private readonly ImageDecoder _decoder = new();
    private readonly ImageEncoder _encoder = new();
    private readonly PixelBuffer _target = new();

    public void Dispose()
    {
        _decoder.Dispose();
        _encoder.Dispose();
        _target.Dispose();
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Grey8)]
    public void Decode_EncodedPng_GivesTheSamePixels(PixelFormat format)
    {
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (7, 3), (28, 28), (127, 65)])
        {
            using PixelBuffer image = Pictures.Noise(width, height, format, seed: width);
            ImageInfo info = _decoder.Decode(_encoder.EncodePng(image), _target, new DecodeOptions(format));
            Assert.Equal(new ImageInfo(ImageCodec.Png, width, height), info);
            Assert.Equal(format, _target.Format);
            Assert.True(image.Pixels.SequenceEqual(_target.Pixels));
        }
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Grey8)]
    public void Decode_EncodedJpeg_IsNearTheOriginal(PixelFormat format)
    {
        using PixelBuffer image = Pictures.Smooth(161, 99, format);
        ImageInfo info = _decoder.Decode(_encoder.EncodeJpeg(image, 95, fullChroma: true), _target, new DecodeOptions(format));
        Assert.Equal(new ImageInfo(ImageCodec.Jpeg, 161, 99), info);
        Assert.InRange(LargestDifference(image.Pixels, _target.Pixels), 0, 8);
    }

    [Fact]
    public void Decode_BgrAndRgb_AreMirrored()
    {
        using PixelBuffer image = Pictures.Smooth(40, 30, PixelFormat.Rgb24);
        foreach (byte[] file in (byte[][])[_encoder.EncodePng(image).ToArray(), _encoder.EncodeJpeg(image).ToArray()])
        {
            _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Rgb24));
            byte[] rgb = _target.Pixels.ToArray();
            _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Bgr24));
            Span<byte> bgr = _target.Pixels;
            for (int i = 0; i < rgb.Length; i += 3)
            {
                Assert.Equal((rgb[i], rgb[i + 1], rgb[i + 2]), (bgr[i + 2], bgr[i + 1], bgr[i]));
            }
        }
    }

    [Fact]
    public void Decode_ColourAsGrey_IsLuma()
    {
        using PixelBuffer image = Pictures.Smooth(64, 48, PixelFormat.Rgb24);
        _decoder.Decode(_encoder.EncodePng(image), _target, new DecodeOptions(PixelFormat.Grey8));
        for (int i = 0; i < 64 * 48; i++)
        {
            Span<byte> p = image.Pixels.Slice(3 * i, 3);
            Assert.Equal(Math.Floor((0.299 * p[0]) + (0.587 * p[1]) + (0.114 * p[2]) + 0.5), _target.Pixels[i], 1.0);
        }
        byte[] fromPng = _target.Pixels.ToArray();
        _decoder.Decode(_encoder.EncodeJpeg(image, 98, fullChroma: true), _target, new DecodeOptions(PixelFormat.Grey8));
        Assert.InRange(LargestDifference(fromPng, _target.Pixels), 0, 4);
    }

    [Fact]
    public void Decode_GreyAsColour_RepeatsTheLevel()
    {
        using PixelBuffer image = Pictures.Noise(9, 5, PixelFormat.Grey8, 1);
        _decoder.Decode(_encoder.EncodePng(image), _target, new DecodeOptions(PixelFormat.Rgb24));
        for (int i = 0; i < 45; i++)
        {
            Assert.Equal([image.Pixels[i], image.Pixels[i], image.Pixels[i]], _target.Pixels.Slice(3 * i, 3).ToArray());
        }
    }

    [Fact]
    public void Decode_Transparency_IsLaidOnBlack()
    {
        byte[] file = Pictures.Png(3, 1, colorType: 6, depth: 8, [200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 128]);
        _target.Resize(3, 1, PixelFormat.Rgb24);
        _target.Pixels.Fill(77);
        _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Rgb24));
        Assert.Equal(new byte[] { 200, 100, 50, 0, 0, 0, 100, 50, 25 }, _target.Pixels.ToArray());
    }

    [Fact]
    public void Decode_SixteenBits_AreReducedToEight()
    {
        byte[] file = Pictures.Png(4, 1, colorType: 0, depth: 16, [0, 0, 0x80, 0x80, 0xff, 0xff, 0x40, 0x40]);
        _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Grey8));
        Assert.Equal(new byte[] { 0, 0x80, 255, 0x40 }, _target.Pixels.ToArray());
    }

    [Fact]
    public void Decode_SmallTarget_ScalesAJpegButNeverBelowIt()
    {
        using PixelBuffer image = Pictures.Smooth(640, 480, PixelFormat.Rgb24);
        byte[] file = _encoder.EncodeJpeg(image).ToArray();
        foreach ((int wanted, int width, int height) in ((int, int, int)[])[(1, 80, 60), (60, 80, 60), (61, 160, 120), (100, 160, 120), (121, 320, 240), (241, 640, 480), (9999, 640, 480), (0, 640, 480)])
        {
            ImageInfo info = _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Rgb24, wanted, wanted));
            Assert.Equal((640, 480), (info.Width, info.Height));
            Assert.Equal((width, height), (_target.Width, _target.Height));
        }
    }

    [Fact]
    public void Decode_JpegCutAnywhere_IsRefused()
    {
        using PixelBuffer image = Pictures.Smooth(48, 40, PixelFormat.Rgb24);
        byte[] file = _encoder.EncodeJpeg(image).ToArray();
        for (int length = 0; length < file.Length; length++)
        {
            var exception = Assert.Throws<ImageException>(() => _decoder.Decode(file.AsSpan(0, length), _target, default, "photo.jpg"));
            Assert.StartsWith("photo.jpg: ", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_PngCutAnywhere_IsRefused()
    {
        using PixelBuffer image = Pictures.Smooth(48, 40, PixelFormat.Rgb24);
        byte[] file = _encoder.EncodePng(image).ToArray();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<ImageException>(() => _decoder.Decode(file.AsSpan(0, length), _target, default));
        }
    }

    [Fact]
    public void Decode_StrayBytesBeforeTheEnd_IsAccepted()
    {
        using PixelBuffer image = Pictures.Smooth(48, 40, PixelFormat.Rgb24);
        byte[] file = _encoder.EncodeJpeg(image).ToArray();
        _decoder.Decode(file, _target, default);
        byte[] expected = _target.Pixels.ToArray();
        _decoder.Decode([.. file[..^2], 1, 2, 3, 4, .. file[^2..]], _target, default);
        Assert.Equal(expected, _target.Pixels.ToArray());
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(8, 0)]
    [InlineData(1_000_000, 1_000_000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Decode_AbsurdPngSize_IsRefusedBeforeMemoryIsTaken(int width, int height)
    {
        byte[] file = Pictures.Png(1, 1, 0, 8, [1]);
        byte[] header = new byte[13];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        Pictures.Chunk("IHDR", header).CopyTo(file, 8);
        Assert.Throws<ImageException>(() => _decoder.Decode(file, _target, default));
        Assert.Equal(0, _target.Width);
    }

    [Fact]
    public void Decode_MorePixelsThanTheLimit_SaysSo()
    {
        using var strict = new ImageDecoder { MaxPixels = 99 };
        using PixelBuffer image = Pictures.Smooth(10, 10, PixelFormat.Grey8);
        foreach (byte[] file in (byte[][])[_encoder.EncodePng(image).ToArray(), _encoder.EncodeJpeg(image).ToArray()])
        {
            Assert.Equal("a.x: 10 × 10 pixels are more than the limit of 99; make the image smaller", Assert.Throws<ImageException>(() => strict.Decode(file, _target, default, "a.x")).Message);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a")]
    [InlineData("<html>")]
    public void Decode_NotAnImage_IsRefused(string text) =>
        Assert.Throws<ImageException>(() => _decoder.Decode(System.Text.Encoding.ASCII.GetBytes(text), _target, default));

    [Fact]
    public void CheckName_ContentContradictsIt_SaysWhatToDo()
    {
        using PixelBuffer image = Pictures.Smooth(8, 8, PixelFormat.Grey8);
        byte[] png = _encoder.EncodePng(image).ToArray(), jpeg = _encoder.EncodeJpeg(image).ToArray();
        Assert.Equal("a/photo.jpg: holds a PNG image; rename it to .png", Assert.Throws<ImageException>(() => ImageFormats.CheckName("a/photo.jpg", png)).Message);
        Assert.Equal("photo.PNG: holds a JPEG image; rename it to .jpg", Assert.Throws<ImageException>(() => ImageFormats.CheckName("photo.PNG", jpeg)).Message);
        Assert.Throws<ImageException>(() => ImageFormats.CheckName("photo.png", "text"u8));
        Assert.Equal(ImageCodec.Jpeg, ImageFormats.CheckName("photo.JPEG", jpeg));
        Assert.Equal(ImageCodec.Png, ImageFormats.CheckName("frame", png));
    }

    [Fact]
    public void Decode_ReusedBuffers_AllocatesNothing()
    {
        using var folder = new TemporaryFolder();
        using PixelBuffer image = Pictures.Smooth(64, 48, PixelFormat.Rgb24);
        using var reader = new FileReader();
        string[] paths = [folder["a.png"], folder["a.jpg"]];
        File.WriteAllBytes(paths[0], _encoder.EncodePng(image));
        File.WriteAllBytes(paths[1], _encoder.EncodeJpeg(image));
        void Round()
        {
            foreach (string path in paths)
            {
                ReadOnlySpan<byte> bytes = reader.Read(path);
                ImageFormats.CheckName(path, bytes);
                _decoder.Decode(bytes, _target, new DecodeOptions(PixelFormat.Grey8), path);
                _decoder.Decode(bytes, _target, new DecodeOptions(PixelFormat.Rgb24), path);
                _encoder.EncodeJpeg(_target);
                _encoder.EncodePng(_target);
            }
        }
        Round();
        Round();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                Round();
            }
        }));
    }

    [Fact]
    public void Decode_MutatedFiles_ThrowNothingButImageException()
    {
        using PixelBuffer image = Pictures.Smooth(33, 21, PixelFormat.Rgb24);
        byte[][] files = [_encoder.EncodePng(image).ToArray(), _encoder.EncodeJpeg(image).ToArray(), _encoder.EncodeJpeg(image, 50, fullChroma: true).ToArray()];
        var random = new Random(4);
        using var small = new ImageDecoder { MaxPixels = 1 << 20 };
        int refused = 0;
        for (int i = 0; i < 6_000; i++)
        {
            byte[] bytes = [.. files[i % files.Length]];
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            try
            {
                small.Decode(bytes, _target, new DecodeOptions((PixelFormat)(i % 3), i % 64, i % 64));
            }
            catch (ImageException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1_000, 6_000);
    }

    [Fact]
    public void Read_FileMissingOrTooLarge_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var reader = new FileReader { MaxBytes = 70_000 };
        File.WriteAllBytes(folder["limit"], new byte[70_000]);
        File.WriteAllBytes(folder["large"], new byte[70_001]);
        Assert.Equal(70_000, reader.Read(folder["limit"]).Length);
        Assert.Contains("70000 bytes", Assert.Throws<ImageException>(() => reader.Read(folder["large"])).Message, StringComparison.Ordinal);
        Assert.StartsWith("/no/such: cannot be read", Assert.Throws<ImageException>(() => reader.Read("/no/such")).Message, StringComparison.Ordinal);
        Assert.Throws<ImageException>(() => reader.Read(folder.Path));
    }

    [Fact]
    public void Read_LargeFile_GivesItsBytes()
    {
        using var folder = new TemporaryFolder();
        using var reader = new FileReader();
        byte[] content = new byte[1_000_003];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(folder["a"], content);
        Assert.True(reader.Read(folder["a"]).SequenceEqual(content));
        Assert.True(reader.Read(folder["a"]).SequenceEqual(content));
    }

    internal static int LargestDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Assert.Equal(a.Length, b.Length);
        int largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }
        return largest;
    }
}
