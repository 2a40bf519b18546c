using Edge.Imaging;
using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Folders_AreClassesAndParts()
    {
        Write("train/cat/b.png", 20, 10, 1);
        Write("train/cat/a.jpg", 20, 10, 2);
        Write("train/dog/x.jpeg", 20, 10, 3);
        Write("val/dog/x.png", 20, 10, 4);
        File.WriteAllText(_folder["train/cat/readme.txt"], "no picture");
        DatasetSplit split = ImageFolder.Load(_folder.Path, new ImageFolderOptions { Width = 8, Height = 6 });
        Assert.Equal(["cat", "dog"], split.Train.ClassNames);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(split.Train.ClassOf));
        Assert.EndsWith("a.jpg", ((ImageFolder)split.Train).PathOf(0), StringComparison.Ordinal);
        Assert.Equal(1, split.Validation!.ClassOf(0));
        Assert.Null(split.Test);
        Assert.Equal([3, 6, 8], split.Train.Inputs[0].Shape.ToArray());
        Write("val/bird/x.png", 20, 10, 4);
        Assert.Contains("bird", Assert.Throws<DataException>(() => ImageFolder.Load(_folder.Path, new ImageFolderOptions())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_PictureOfTheSize_IsItsPixels(int channels)
    {
        using PixelBuffer pixels = Write("a/1.png", 5, 4, 7, channels);
        Write("b/1.png", 5, 4, 8, channels);
        Dataset data = ImageFolder.Load(_folder.Path, new ImageFolderOptions { Width = 5, Height = 4, Channels = channels }).Train;
        var sample = new SampleBuffer(data);
        foreach (string _ in new[] { "decoded", "kept" })
        {
            sample.Read(0);
            for (int i = 0; i < 20; i++)
            {
                for (int c = 0; c < channels; c++)
                {
                    Assert.Equal(pixels.Pixels[(i * channels) + c], sample.Input<float>()[(c * 20) + i]);
                }
            }
        }
        Assert.Equal(20 * channels, ((ImageFolder)data).CachedBytes);
        Assert.Equal(0, Allocations.Of(() => sample.Read(0)));
    }

    [Fact]
    public void Read_CacheIsFull_DecodesAnew()
    {
        for (int i = 0; i < 6; i++)
        {
            Write($"a/{i}.png", 8, 8, i);
        }
        Dataset small = ImageFolder.Load(_folder.Path, new ImageFolderOptions { Width = 8, Height = 8, CacheBytes = 2 * 192 }).Train;
        Dataset none = ImageFolder.Load(_folder.Path, new ImageFolderOptions { Width = 8, Height = 8, CacheBytes = 0 }).Train;
        var one = new SampleBuffer(small);
        var other = new SampleBuffer(none);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 6; i++)
            {
                one.Read(i);
                other.Read(i);
                Assert.Equal(other.Input<float>().ToArray(), one.Input<float>().ToArray());
            }
        }
        Assert.Equal(2 * 192, ((ImageFolder)small).CachedBytes);
        Assert.Equal(0, ((ImageFolder)none).CachedBytes);
    }

    [Fact]
    public void Read_Oversize_CutsARandomPartForTrainingAndTheMiddleForJudging()
    {
        using PixelBuffer pixels = Write("a/1.png", 12, 12, 5, channels: 1);
        Write("b/1.png", 12, 12, 6, channels: 1);
        Dataset data = ImageFolder.Load(_folder.Path, new ImageFolderOptions { Width = 8, Height = 8, Channels = 1, Oversize = 1.5 }).Train;
        var plain = new SampleBuffer(data.WithoutAugmentation());
        plain.Read(0, seed: 9);
        Assert.Equal(pixels.Pixels[(2 * 12) + 2], plain.Input<float>()[0]);
        var sample = new SampleBuffer(data);
        var corners = new HashSet<float>();
        for (ulong seed = 0; seed < 50; seed++)
        {
            sample.Read(0, seed);
            corners.Add(sample.Input<float>()[0]);
        }
        Assert.InRange(corners.Count, 10, 25);
    }

    [Fact]
    public void Split_SameFile_StaysOnOneSide()
    {
        for (int i = 0; i < 12; i++)
        {
            Write($"{(i % 2 == 0 ? "a" : "b")}/{i}.png", 8, 8, i / 3);
        }
        Dataset data = ImageFolder.Load(_folder.Path, new ImageFolderOptions { Width = 8, Height = 8 }).Train;
        DatasetSplit split = data.Split(0.3, 0, 1);
        Assert.Empty(Hashes(split.Train).Intersect(Hashes(split.Validation!)));

        static IEnumerable<UInt128> Hashes(Dataset part) => Enumerable.Range(0, part.Count).Select(part.ContentHash).ToHashSet();
    }

    [Fact]
    public void Read_DamagedPicture_IsOneLineWithItsPath()
    {
        Write("a/1.png", 8, 8, 1);
        Directory.CreateDirectory(_folder["b"]);
        File.WriteAllBytes(_folder["b/2.jpg"], [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
        Dataset data = ImageFolder.Load(_folder.Path, new ImageFolderOptions()).Train;
        var e = Assert.Throws<ImageException>(() => new SampleBuffer(data).Read(1));
        Assert.Contains("2.jpg", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Throws<DataException>(() => ImageFolder.Load(_folder["a"], new ImageFolderOptions()));
        Assert.Throws<DataException>(() => ImageFolder.Load(_folder["nowhere"], new ImageFolderOptions()));
        Assert.Throws<DataException>(() => ImageFolder.Load(_folder.Path, new ImageFolderOptions { Channels = 2 }));
    }

    private PixelBuffer Write(string name, int width, int height, int seed, int channels = 3)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        var pixels = new PixelBuffer();
        pixels.Resize(width, height, channels == 1 ? PixelFormat.Grey8 : PixelFormat.Rgb24);
        new Random(seed).NextBytes(pixels.Pixels);
        using var encoder = new ImageEncoder();
        File.WriteAllBytes(_folder[name], name.EndsWith(".png", StringComparison.Ordinal) ? encoder.EncodePng(pixels) : encoder.EncodeJpeg(pixels, 90));
        return pixels;
    }
}
