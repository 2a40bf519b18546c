using Edge.Testing;

namespace Edge.Imaging.Tests;

public sealed class ExifOrientationTests : IDisposable
{
    private readonly ImageDecoder _decoder = new();
    private readonly PixelBuffer _target = new();

    public void Dispose()
    {
        _decoder.Dispose();
        _target.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Decode_Orientation_TurnsTheImageUpright(int orientation)
    {
        foreach (bool little in (bool[])[true, false])
        {
            byte[] file = WithExif(Jpeg(45, 70), Exif(orientation, little));
            foreach (PixelFormat format in (PixelFormat[])[PixelFormat.Rgb24, PixelFormat.Grey8])
            {
                _decoder.Decode(file, _target, new DecodeOptions(format, Oriented: false));
                byte[] lying = _target.Pixels.ToArray();
                int size = _target.Channels;
                ImageInfo info = _decoder.Decode(file, _target, new DecodeOptions(format));
                Assert.Equal(orientation >= 5 ? (70, 45) : (45, 70), (info.Width, info.Height));
                Assert.Equal((info.Width, info.Height), (_target.Width, _target.Height));
                for (int y = 0; y < _target.Height; y++)
                {
                    for (int x = 0; x < _target.Width; x++)
                    {
                        // EXIF 2.3, table 6: where the visual pixel (x, y) is stored.
                        (int column, int row) = orientation switch
                        {
                            2 => (44 - x, y),
                            3 => (44 - x, 69 - y),
                            4 => (x, 69 - y),
                            5 => (y, x),
                            6 => (y, 69 - x),
                            7 => (44 - y, 69 - x),
                            8 => (44 - y, x),
                            _ => (x, y),
                        };
                        Assert.True(lying.AsSpan(((row * 45) + column) * size, size).SequenceEqual(_target.Row(y).Slice(x * size, size)));
                    }
                }
            }
        }
    }

    [Fact]
    public void Decode_ScaledAndTurned_CoversTheUprightSize()
    {
        byte[] file = WithExif(Jpeg(80, 400), Exif(6, little: true));
        ImageInfo info = _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Rgb24, 100, 20));
        Assert.Equal((400, 80), (info.Width, info.Height));
        Assert.Equal((100, 20), (_target.Width, _target.Height));
        _decoder.Decode(file, _target, new DecodeOptions(PixelFormat.Rgb24, 100, 100, CoverBoth: false));
        Assert.Equal((100, 20), (_target.Width, _target.Height));
    }

    [Fact]
    public void Decode_DamagedExif_LeavesTheImageAsItIs()
    {
        byte[] good = Exif(6, little: true);
        var random = new Random(1);
        byte[] jpeg = Jpeg(45, 70);
        for (int i = 0; i < 2000; i++)
        {
            byte[] exif = [.. good.AsSpan(0, random.Next(6, good.Length + 1))];
            for (int change = random.Next(4); change > 0; change--)
            {
                exif[random.Next(exif.Length)] = (byte)random.Next(256);
            }
            ImageInfo info = _decoder.Decode(WithExif(jpeg, exif), _target, default);
            Assert.Equal(45 * 70, info.Width * info.Height);
        }
        foreach (int orientation in (int[])[0, 9, 65535])
        {
            Assert.Equal(45, _decoder.Decode(WithExif(jpeg, Exif(orientation, little: true)), _target, default).Width);
        }
    }

    [Fact]
    public void Decode_TurnedAgain_AllocatesNothing()
    {
        byte[] file = WithExif(Jpeg(45, 70), Exif(8, little: false));
        _decoder.Decode(file, _target, default);
        Assert.Equal(0, Allocations.Of(() => _decoder.Decode(file, _target, default)));
    }

    private static byte[] Jpeg(int width, int height)
    {
        using PixelBuffer image = Pictures.Smooth(width, height, PixelFormat.Rgb24);
        using var encoder = new ImageEncoder();
        return encoder.EncodeJpeg(image, 90, fullChroma: true).ToArray();
    }

    // One directory of two entries, the orientation second.
    private static byte[] Exif(int orientation, bool little)
    {
        byte[] Number(int value, int bytes)
        {
            byte[] number = [.. Enumerable.Range(0, bytes).Select(i => (byte)(value >> (8 * i)))];
            return little ? number : [.. number.Reverse()];
        }
        return [.. "Exif\0\0"u8, .. little ? "II"u8 : "MM"u8, .. Number(42, 2), .. Number(8, 4), .. Number(2, 2),
            .. Number(0x010f, 2), .. Number(2, 2), .. Number(4, 4), .. Number(0, 4),
            .. Number(0x0112, 2), .. Number(3, 2), .. Number(1, 4), .. Number(orientation, 2), .. Number(0, 2), .. Number(0, 4)];
    }

    private static byte[] WithExif(byte[] jpeg, byte[] exif) =>
        [.. jpeg.AsSpan(0, 2), 0xff, 0xe1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg.AsSpan(2)];
}
