namespace Edge.Imaging.Tests;

public sealed class TensorWriterTests
{
    private static readonly float[] Multiply3 = [1 / 255f / 0.229f, 1 / 255f / 0.224f, 1 / 255f / 0.225f];
    private static readonly float[] Add3 = [-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f];
    private static readonly (int Width, int Height)[] Sizes = [(1, 1), (2, 3), (7, 13), (28, 28), (31, 17), (127, 65), (128, 128), (300, 200)];

    public static TheoryData<int, bool, Resampling> Shapes => new()
    {
        { 1, true, Resampling.Bilinear }, { 3, true, Resampling.Bilinear }, { 3, false, Resampling.Bilinear },
        { 1, true, Resampling.Area }, { 3, true, Resampling.Area }, { 3, false, Resampling.Area },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_ManySizes_IsTheNearestLevelButForWeightsOfEightBits(int channels, bool planar, Resampling resampling)
    {
        PixelFormat format = channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24;
        // Half a level is rounding; a weight of 8 bits is wrong by 1/512 at most, times 255.
        foreach ((int tw, int th) in Sizes)
        {
            var writer = new TensorWriter(tw, th, planar, format, resampling);
            byte[] tensor = new byte[writer.Length];
            foreach ((int sw, int sh) in Sizes)
            {
                using PixelBuffer image = Pictures.Noise(sw, sh, format, sw + th);
                foreach (Placement placement in Placements(sw, sh, tw, th))
                {
                    bool area = resampling == Resampling.Area && placement.SourceWidth >= placement.TargetWidth && placement.SourceHeight >= placement.TargetHeight;
                    double tolerance = area ? 0.502 : 1.01;
                    Array.Fill(tensor, (byte)99);
                    writer.Write(image.View, placement, 114, tensor);
                    for (int i = 0; i < tensor.Length; i++)
                    {
                        (int x, int y, int c) = planar ? (i % tw, i / tw % th, i / (tw * th)) : (i / channels % tw, i / channels / tw, i % channels);
                        double exact = Reference.Level(image, placement, 114, x, y, c, resampling);
                        if (Math.Abs(exact - tensor[i]) > tolerance)
                        {
                            Assert.Fail($"{sw}×{sh} to {tw}×{th} as {placement}: ({x}, {y}, {c}) is {tensor[i]}, not {exact}");
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_OtherElementTypes_AreWhatTheirLevelsBecome(int channels, bool planar, Resampling resampling)
    {
        PixelFormat format = channels == 1 ? PixelFormat.Grey8 : PixelFormat.Bgr24;
        float[] multiply = Multiply3[..channels], add = Add3[..channels];
        Half[] table = [.. Enumerable.Range(0, channels * 256).Select(i => (Half)(i * 0.5f))];
        foreach ((int tw, int th) in Sizes)
        {
            var writer = new TensorWriter(tw, th, planar, format, resampling);
            byte[] levels = new byte[writer.Length];
            float[] floats = new float[writer.Length];
            Half[] halves = new Half[writer.Length];
            using PixelBuffer image = Pictures.Noise(90, 70, format, tw);
            foreach (Placement placement in Placements(90, 70, tw, th))
            {
                writer.Write(image.View, placement, 114, levels);
                writer.Write(image.View, placement, 114, multiply, add, floats);
                writer.Write(image.View, placement, 114, table, halves);
                for (int i = 0; i < levels.Length; i++)
                {
                    int c = planar ? i / (tw * th) : i % channels;
                    float product = levels[i] * multiply[c];
                    if (BitConverter.SingleToInt32Bits(product + add[c]) != BitConverter.SingleToInt32Bits(floats[i]) || table[(c * 256) + levels[i]] != halves[i])
                    {
                        Assert.Fail($"element {i} is {floats[i]} and {halves[i]} where the level is {levels[i]}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Write_AnyFormat_IsWhatItsRowsConvertTo()
    {
        foreach (PixelFormat source in Enum.GetValues<PixelFormat>())
        {
            foreach (PixelFormat format in (PixelFormat[])[PixelFormat.Rgb24, PixelFormat.Bgr24, PixelFormat.Grey8])
            {
                using PixelBuffer image = Pictures.Noise(61, 47, source, 7), converted = new PixelBuffer();
                converted.Resize(61, 47, format);
                for (int y = 0; y < 47; y++)
                {
                    if (source == format)
                    {
                        image.Row(y).CopyTo(converted.Row(y));
                    }
                    else
                    {
                        PixelRows.Convert(image.View, y, format, converted.Row(y));
                    }
                }
                foreach ((int width, int height) in ((int, int)[])[(61, 47), (32, 16), (100, 120)])
                {
                    var writer = new TensorWriter(width, height, planar: false, format);
                    byte[] expected = new byte[writer.Length], actual = new byte[writer.Length];
                    writer.Write(converted.View, Placement.Letterbox(61, 47, width, height, true), 0, expected);
                    writer.Write(image.View, Placement.Letterbox(61, 47, width, height, true), 0, actual);
                    Assert.Equal(expected, actual);
                }
            }
        }
    }

    [Fact]
    public void Write_TwoSizesInTurn_RemembersNothingOfTheOther()
    {
        using PixelBuffer large = Pictures.Noise(90, 70, PixelFormat.Rgb24, 1), small = Pictures.Noise(11, 19, PixelFormat.Nv12, 2);
        foreach (Resampling resampling in Enum.GetValues<Resampling>())
        {
            var writer = new TensorWriter(32, 32, true, PixelFormat.Rgb24, resampling);
            byte[] first = new byte[writer.Length], again = new byte[writer.Length];
            writer.Write(small.View, Placement.Letterbox(11, 19, 32, 32, true), 114, first);
            writer.Write(large.View, Placement.Letterbox(90, 70, 32, 32, true), 114, again);
            writer.Write(small.View, Placement.Letterbox(11, 19, 32, 32, true), 114, again);
            Assert.Equal(first, again);
        }
    }

    [Fact]
    public void Write_WrongSizes_Throws()
    {
        using PixelBuffer image = Pictures.Noise(4, 4, PixelFormat.Rgb24, 1);
        var writer = new TensorWriter(8, 8, true, PixelFormat.Rgb24);
        Placement whole = Placement.Stretch(4, 4, 8, 8);
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole, 0, new byte[8]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole, 0, [1f], [0f], new float[192]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole, 0, new byte[256], new byte[192]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole with { TargetX = 1 }, 0, new byte[192]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole with { SourceWidth = double.NaN }, 0, new byte[192]));
        Assert.Throws<ArgumentException>(() => writer.Write(image.View, whole with { SourceX = double.PositiveInfinity }, 0, new byte[192]));
        Assert.Throws<ArgumentException>(() => new TensorWriter(8, 8, true, PixelFormat.Nv12));
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Yuyv)]
    [InlineData(PixelFormat.Nv12)]
    [InlineData(PixelFormat.I420)]
    public void PixelView_MemoryTooShort_Throws(PixelFormat format)
    {
        int bytes = (int)PixelLayout.Bytes(format, 5, PixelLayout.RowBytes(format, 7));
        Assert.Equal(7, new PixelView(new byte[bytes], 7, 5, format).Width);
        Assert.Throws<ArgumentException>(() => new PixelView(new byte[bytes - 1], 7, 5, format).Width);
        Assert.Throws<ArgumentException>(() => new PixelView(new byte[bytes], 7, 5, format, stride: 2).Width);
        Assert.Throws<ArgumentException>(() => new PixelView(new byte[bytes], 7, 6, format).Width);
    }

    [Fact]
    public void Placement_Letterbox_KeepsAspectAndMapsBack()
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

    private static Placement[] Placements(int sw, int sh, int tw, int th) =>
        [Placement.Stretch(sw, sh, tw, th), Placement.Letterbox(sw, sh, tw, th, true), Placement.Letterbox(sw, sh, tw, th, false), Placement.Crop(sw, sh, tw, th)];
}
