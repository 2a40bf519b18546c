using Edge.Testing;

namespace Edge.Imaging.Tests;

public sealed class TensorWriterTests
{
    private static readonly float[] Multiply3 = [1 / 255f / 0.229f, 1 / 255f / 0.224f, 1 / 255f / 0.225f];
    private static readonly float[] Add3 = [-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f];
    private static readonly (int Width, int Height)[] Sizes = [(1, 1), (2, 3), (7, 13), (28, 28), (31, 17), (127, 65), (128, 128), (300, 200)];

    public static TheoryData<int, bool> Shapes => new() { { 1, true }, { 1, false }, { 3, true }, { 3, false } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_ManySizes_EqualsTheReferenceToTheBit(int channels, bool planar)
    {
        float[] multiply = Multiply3[..channels], add = Add3[..channels];
        foreach ((int tw, int th) in Sizes)
        {
            var writer = new TensorWriter(tw, th, planar, multiply, add);
            float[] actual = new float[writer.Length], expected = new float[writer.Length];
            byte[] actualBytes = new byte[writer.Length], expectedBytes = new byte[writer.Length];
            foreach ((int sw, int sh) in Sizes)
            {
                using PixelBuffer image = Pictures.Noise(sw, sh, channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24, sw + th);
                foreach (Placement placement in (Placement[])[Placement.Stretch(sw, sh, tw, th), Placement.Letterbox(sw, sh, tw, th, true), Placement.Letterbox(sw, sh, tw, th, false), Placement.Crop(sw, sh, tw, th)])
                {
                    Array.Fill(actual, float.NaN);
                    writer.Write(image.View, placement, 114, actual);
                    writer.Write(image.View, placement, 114, actualBytes);
                    Reference.Write(image, placement, 114, tw, th, planar, multiply, add, expected, expectedBytes);
                    Assert.True(expected.AsSpan().SequenceEqual(actual), $"{sw}×{sh} to {tw}×{th} as {placement}");
                    Assert.True(expectedBytes.AsSpan().SequenceEqual(actualBytes), $"{sw}×{sh} to {tw}×{th} as {placement}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_SameSize_IsPixelTimesAPlusB(int channels, bool planar)
    {
        float[] multiply = Multiply3[..channels], add = Add3[..channels];
        foreach ((int width, int height) in Sizes)
        {
            using PixelBuffer image = Pictures.Noise(width, height, channels == 1 ? PixelFormat.Grey8 : PixelFormat.Bgr24, width);
            var writer = new TensorWriter(width, height, planar, multiply, add);
            float[] tensor = new float[writer.Length];
            writer.Write(image.View, Placement.Crop(width, height, width, height), 0, tensor);
            for (int i = 0; i < tensor.Length; i++)
            {
                int c = planar ? i / (width * height) : i % channels;
                int p = planar ? i % (width * height) : i / channels;
                float product = image.Pixels[(p * channels) + c] * multiply[c];
                Assert.Equal(BitConverter.SingleToInt32Bits(product + add[c]), BitConverter.SingleToInt32Bits(tensor[i]));
            }
        }
    }

    [Fact]
    public void Write_Resampled_IsBilinearWithAlignedCentres()
    {
        // An image that is linear in x and y comes out linear, at the positions of the formula (inside, away from the clamped edge).
        using var image = new PixelBuffer();
        image.Resize(64, 32, PixelFormat.Grey8);
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 64; x++)
            {
                image.Row(y)[x] = (byte)((2 * x) + (3 * y));
            }
        }
        foreach ((int tw, int th) in ((int, int)[])[(32, 16), (100, 90), (13, 7), (64, 33)])
        {
            var writer = new TensorWriter(tw, th, true, [1f], [0f]);
            float[] tensor = new float[writer.Length];
            writer.Write(image.View, Placement.Stretch(64, 32, tw, th), 0, tensor);
            for (int y = 0; y < th; y++)
            {
                for (int x = 0; x < tw; x++)
                {
                    double sx = Math.Clamp(((x + 0.5) * 64 / tw) - 0.5, 0, 63), sy = Math.Clamp(((y + 0.5) * 32 / th) - 0.5, 0, 31);
                    Assert.Equal((2 * sx) + (3 * sy), tensor[(y * tw) + x], 1e-3);
                }
            }
        }
    }

    [Fact]
    public void Write_TwoSizesInTurn_RemembersNothingOfTheOther()
    {
        using PixelBuffer large = Pictures.Noise(90, 70, PixelFormat.Rgb24, 1), small = Pictures.Noise(11, 19, PixelFormat.Rgb24, 2);
        var writer = new TensorWriter(32, 32, true, Multiply3, Add3);
        float[] first = new float[writer.Length], again = new float[writer.Length];
        writer.Write(small.View, Placement.Letterbox(11, 19, 32, 32, true), 114, first);
        writer.Write(large.View, Placement.Letterbox(90, 70, 32, 32, true), 114, again);
        writer.Write(small.View, Placement.Letterbox(11, 19, 32, 32, true), 114, again);
        Assert.Equal(first, again);
    }

    [Fact]
    public void Write_SameSizesAgain_AllocatesNothing()
    {
        using PixelBuffer image = Pictures.Noise(90, 70, PixelFormat.Rgb24, 1);
        var writer = new TensorWriter(32, 48, true, Multiply3, Add3);
        float[] floats = new float[writer.Length];
        byte[] bytes = new byte[writer.Length];
        Placement placement = Placement.Letterbox(90, 70, 32, 48, true);
        void Round()
        {
            writer.Write(image.View, placement, 114, floats);
            writer.Write(image.View, placement, 114, bytes);
        }
        Round();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                Round();
            }
        }));
    }

    [Fact]
    public void Write_WrongSizes_Throws()
    {
        using PixelBuffer image = Pictures.Noise(4, 4, PixelFormat.Rgb24, 1);
        var writer = new TensorWriter(8, 8, true, Multiply3, Add3);
        var grey = new TensorWriter(8, 8, true, [1f], [0f]);
        Placement whole = Placement.Stretch(4, 4, 8, 8);
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole, 0, new float[8]));
        Assert.Throws<ArgumentException>(() => grey.Write(image.View, whole, 0, new float[64]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole with { TargetX = 1 }, 0, new float[192]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole with { SourceWidth = double.NaN }, 0, new float[192]));
    }

    [Fact]
    public void Placement_Letterbox_KeepsTheAspectRatioAndMapsBack()
    {
        Placement placement = Placement.Letterbox(1920, 1080, 416, 416, centered: true);
        Assert.Equal((0, 91, 416, 234), (placement.TargetX, placement.TargetY, placement.TargetWidth, placement.TargetHeight));
        Assert.Equal(960, placement.ToSourceX(208), 6);
        Assert.Equal(540, placement.ToSourceY(208), 6);
        Assert.Equal(0, Placement.Letterbox(1920, 1080, 416, 416, centered: false).TargetY);
    }

    [Fact]
    public void Placement_Crop_TakesTheMiddle()
    {
        Placement placement = Placement.Crop(1920, 1080, 224, 224);
        Assert.Equal((420.0, 0.0, 1080.0, 1080.0), (placement.SourceX, placement.SourceY, placement.SourceWidth, placement.SourceHeight));
    }
}
