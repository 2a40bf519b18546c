using System.Text.RegularExpressions;
using Edge.Testing;

namespace Edge.Imaging.Tests;

/// <summary>Files that others made, with what they must decode to.</summary>
public sealed class ConformanceTests(ITestOutputHelper output) : IDisposable
{
    private readonly ImageDecoder _decoder = new();
    private readonly PixelBuffer _target = new();

    public void Dispose()
    {
        _decoder.Dispose();
        _target.Dispose();
    }

    [Fact]
    public void Decode_PngSuite_GoodFilesDecodeAndCorruptOnesAreRefused()
    {
        string folder = SharedData.Path("suites", "pngsuite");
        int good = 0, refused = 0;
        foreach (string path in Directory.GetFiles(folder, "*.png"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (IsCorrupt(path))
            {
                Assert.Throws<ImageException>(() => _decoder.Decode(bytes, _target, default, path));
                refused++;
                continue;
            }
            foreach (PixelFormat format in (PixelFormat[])[PixelFormat.Rgb24, PixelFormat.Bgr24, PixelFormat.Grey8])
            {
                _decoder.Decode(bytes, _target, new DecodeOptions(format), path);
            }
            good++;
        }
        output.WriteLine($"PngSuite: {good} decoded, {refused} refused");
        Assert.Equal(14, refused);
        Assert.True(good > 150);
    }

    private static bool IsCorrupt(string path) => Path.GetFileName(path)[0] == 'x';

    [Theory]
    [InlineData("^bas[in](.*)$")] // interlaced or not
    [InlineData("^(s[0-9][0-9])[in]")] // the same at odd sizes
    [InlineData("^oi[1249](.*)$")] // pixel data in several chunks
    [InlineData("^z0[0369](.*)$")] // compression levels
    public void Decode_PngSuiteTwins_GiveTheSamePixels(string family)
    {
        string folder = SharedData.Path("suites", "pngsuite");
        var pixels = new Dictionary<string, byte[]>();
        int compared = 0;
        foreach (string path in Directory.GetFiles(folder, "*.png"))
        {
            Match match = Regex.Match(Path.GetFileNameWithoutExtension(path), family);
            if (!match.Success || IsCorrupt(path))
            {
                continue;
            }
            _decoder.Decode(File.ReadAllBytes(path), _target, default, path);
            if (!pixels.TryAdd(match.Groups[1].Value, _target.Pixels.ToArray()))
            {
                // These files are linear: libpng takes a power of 1/2.2 for 8 bits and the sRGB curve where interlace makes us take 16, which differ in the dark.
                Assert.InRange(DecoderTests.LargestDifference(_target.Pixels, pixels[match.Groups[1].Value]), 0, path.EndsWith("16.png", StringComparison.Ordinal) ? 8 : 0);
                compared++;
            }
        }
        Assert.True(compared >= 3);
    }

    [Fact]
    public void Decode_JpegReferenceFiles_AreNearTheirTruth()
    {
        string folder = SharedData.Path("suites", "jpeg-reftest");
        using var truth = new PixelBuffer();
        var refused = new List<string>();
        int near = 0;
        foreach (string path in Directory.GetFiles(folder, "*.jpg"))
        {
            _decoder.Decode(File.ReadAllBytes(Path.ChangeExtension(path, ".png")), truth, default, path);
            try
            {
                _decoder.Decode(File.ReadAllBytes(path), _target, default, path);
            }
            catch (ImageException)
            {
                refused.Add(Path.GetFileName(path));
                continue;
            }
            // Chroma upsampling and CMYK rounding differ between versions of the library by a few levels.
            Assert.Equal((truth.Width, truth.Height), (_target.Width, _target.Height));
            Assert.InRange(DecoderTests.LargestDifference(truth.Pixels, _target.Pixels), 0, 3);
            near++;
        }
        output.WriteLine($"JPEG reference files: {near} within 3 levels, {refused.Count} refused");
        // Both lack data that a whole file would have.
        Assert.Equal(["partial_progressive.jpg", "progressive-missing-dc.jpg"], refused.Order(StringComparer.Ordinal));
        Assert.True(near >= 15);
    }
}
