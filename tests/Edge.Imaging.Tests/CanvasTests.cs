using Edge.Testing;

namespace Edge.Imaging.Tests;

public sealed class CanvasTests
{
    private static readonly Color Red = new(255, 0, 0);

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Grey8)]
    public void Fill_PartlyOutside_ChangesWhatIsInside(PixelFormat format)
    {
        using PixelBuffer picture = Blank(8, 6, format);
        new Canvas(picture).Fill(-3, 4, 2, 99, Red);
        int each = format == PixelFormat.Grey8 ? 1 : 3;
        byte[] pixel = format switch { PixelFormat.Rgb24 => [255, 0, 0], PixelFormat.Bgr24 => [0, 0, 255], _ => [76] };
        for (int y = 0; y < 6; y++)
        {
            for (int x = 0; x < 8; x++)
            {
                Assert.Equal(y >= 4 && x < 2 ? pixel : new byte[each], picture.Row(y).Slice(x * each, each).ToArray());
            }
        }
    }

    [Fact]
    public void Outline_Rectangle_LeavesItsInside()
    {
        using PixelBuffer picture = Blank(10, 10, PixelFormat.Grey8);
        new Canvas(picture).Outline(1, 1, 9, 9, 2, Color.White);
        Assert.Equal([0, 255, 255, 255, 255, 255, 255, 255, 255, 0], picture.Row(2).ToArray());
        Assert.Equal([0, 255, 255, 0, 0, 0, 0, 255, 255, 0], picture.Row(4).ToArray());
    }

    [Fact]
    public void Line_Diagonal_TouchesBothEnds()
    {
        using PixelBuffer picture = Blank(9, 5, PixelFormat.Grey8);
        new Canvas(picture).Line(0, 4, 8, 0, 1, Color.White);
        Assert.Equal((255, 255, 9), (picture.Row(4)[0], picture.Row(0)[8], picture.Pixels.ToArray().Count(p => p != 0)));
    }

    [Fact]
    public void Text_Letters_AreReadAsDrawn()
    {
        using PixelBuffer picture = Blank(12, 9, PixelFormat.Grey8);
        new Canvas(picture).Text("Lg", 0, 0, 1, Color.White);
        Assert.Equal("#...........", Row(picture, 0));
        Assert.Equal("#......####.", Row(picture, 2));
        Assert.Equal("#####..####.", Row(picture, 6));
        Assert.Equal(".......###..", Row(picture, 8));
    }

    [Fact]
    public void Draw_AnywhereAtAll_NeverLeavesThePictureNorAllocates()
    {
        using PixelBuffer picture = Blank(64, 48, PixelFormat.Rgb24);
        var canvas = new Canvas(picture);
        int[] places = [int.MinValue, -1000, -1, 0, 5, 63, 64, 1000, int.MaxValue / 2];
        void Draw()
        {
            foreach (int x in places)
            {
                foreach (int y in places)
                {
                    canvas.Box(x, y, -x, 40, "person 0.93 ä", Color.OfClass(y & 0xff));
                    canvas.Line(x, y, y, x, 3, Red);
                }
            }
        }
        Draw();
        Assert.Equal(0, Allocations.Of(Draw));
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Grey8)]
    public void Pixelate_Part_IsSquaresOfTheirMeansAndTheRestIsUntouched(PixelFormat format)
    {
        using PixelBuffer picture = Blank(20, 12, format);
        new Random(3).NextBytes(picture.Pixels);
        byte[] before = picture.Pixels.ToArray();
        new Canvas(picture).Pixelate(5, -4, 99, 7, 4);
        int each = picture.Channels;
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 20 * each; x++)
            {
                int left = 5 + (((x / each) - 5) / 4 * 4), top = y / 4 * 4;
                int expected = before[(y * 20 * each) + x];
                if (x / each >= 5 && y < 7)
                {
                    var square = new List<byte>();
                    for (int v = top; v < Math.Min(top + 4, 7); v++)
                    {
                        for (int u = left; u < Math.Min(left + 4, 20); u++)
                        {
                            square.Add(before[(((v * 20) + u) * each) + (x % each)]);
                        }
                    }
                    expected = (int)(square.Sum(level => (long)level) / square.Count);
                }
                Assert.Equal(expected, picture.Row(y)[x]);
            }
        }
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Grey8)]
    [InlineData(PixelFormat.Nv12)]
    public void CopyFrom_AnyFormat_IsWhatADecoderOfThatFormatGives(PixelFormat format)
    {
        using var image = new PixelBuffer();
        image.Resize(10, 6, format);
        image.Pixels.Fill(128);
        using var copy = new PixelBuffer();
        copy.CopyFrom(image.View, PixelFormat.Bgr24);
        Assert.Equal((10, 6, PixelFormat.Bgr24), (copy.Width, copy.Height, copy.Format));
        // Grey in every format; limited range makes 130 of 128.
        Assert.All(copy.Pixels.ToArray(), level => Assert.Equal(format == PixelFormat.Nv12 ? 130 : 128, level));
        Assert.Throws<ArgumentException>(() => copy.CopyFrom(new PixelView(new byte[3], 1, 1, PixelFormat.Rgb24), PixelFormat.I420));
    }

    [Fact]
    public void OfClass_Neighbours_AreTold()
    {
        Color[] colors = [.. Enumerable.Range(0, 20).Select(Color.OfClass)];
        Assert.Equal(20, colors.Distinct().Count());
        for (int i = 1; i < colors.Length; i++)
        {
            Assert.True(Math.Abs(colors[i].Red - colors[i - 1].Red) + Math.Abs(colors[i].Green - colors[i - 1].Green) + Math.Abs(colors[i].Blue - colors[i - 1].Blue) > 100);
        }
    }

    private static string Row(PixelBuffer picture, int y) => new([.. picture.Row(y).ToArray().Select(p => p > 0 ? '#' : '.')]);

    private static PixelBuffer Blank(int width, int height, PixelFormat format)
    {
        var picture = new PixelBuffer();
        picture.Resize(width, height, format);
        picture.Pixels.Clear();
        return picture;
    }
}
