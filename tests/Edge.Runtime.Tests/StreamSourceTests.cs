using Edge.Imaging;
using Edge.Runtime.Configuration;
using Edge.Runtime.Sources;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class StreamSourceTests
{
    private readonly Pulse _pulse = new("test");

    [Fact]
    public void Next_RawFile_GivesEveryFrameThenEnds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.nv12"], [.. Enumerable.Range(0, 3 * 6).Select(i => (byte)i)]);
        using var source = new StreamSource(Raw(folder["x.nv12"], "nv12", 2, 2));
        using var frame = new Frame();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(source.Next(frame, _pulse, default));
            Assert.Equal(Enumerable.Range(i * 6, 6).Select(b => (byte)b), frame.Bytes.ToArray());
            Assert.Equal((PixelFormat.Nv12, 2, 2), (frame.Format!.Value, frame.Width, frame.Height));
        }
        Assert.False(source.Next(frame, _pulse, default));
    }

    [Fact]
    public void Next_FileThatLoops_StartsOver()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x"], [1, 2]);
        using var source = new StreamSource(Raw(folder["x"], "grey", 1, 1) with { Loop = true });
        using var frame = new Frame();
        byte[] seen = [.. Enumerable.Range(0, 5).Select(_ => source.Next(frame, _pulse, default) ? frame.Bytes[0] : (byte)0)];
        Assert.Equal([1, 2, 1, 2, 1], seen);
    }

    [Fact]
    public void Next_EmptyFileThatLoops_Ends()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x"], []);
        using var source = new StreamSource(Raw(folder["x"], "grey", 1, 1) with { Loop = true });
        using var frame = new Frame();
        Assert.False(source.Next(frame, _pulse, default));
    }

    [Fact]
    public void Next_FileThatEndsInAFrame_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x"], [1, 2, 3]);
        using var source = new StreamSource(Raw(folder["x"], "rgb", 2, 1));
        using var frame = new Frame();
        SourceException e = Assert.Throws<SourceException>(() => source.Next(frame, _pulse, default));
        Assert.Equal($"{folder["x"]}: ends after 3 of a frame's 6 bytes: check width, height and format", e.Message);
    }

    [Fact]
    public void Open_NoSuchFile_SaysSo() =>
        Assert.StartsWith("/nowhere/x: cannot be opened (No such file or directory)", Assert.Throws<SourceException>(() => new StreamSource(Raw("/nowhere/x", "rgb", 2, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Next_Pipe_WaitsForAWriterAndForTheNextOne()
    {
        using var folder = new TemporaryFolder();
        string pipe = MakePipe(folder);
        using var source = new StreamSource(Raw(pipe, "grey", 2, 1));
        using var frame = new Frame();
        for (byte i = 0; i < 3; i++)
        {
            byte value = i;
            Task writing = Task.Run(() => File.WriteAllBytes(pipe, [value, value]));
            Assert.True(source.Next(frame, _pulse, default));
            Assert.Equal([i, i], frame.Bytes.ToArray());
            await writing;
        }
    }

    [Fact]
    public void Next_PipeThatStalls_EndsAtTheTimeOut()
    {
        using var folder = new TemporaryFolder();
        string pipe = MakePipe(folder);
        using var source = new StreamSource(Raw(pipe, "grey", 2, 1) with { StallSeconds = 0.2 });
        using var frame = new Frame();
        Assert.Equal($"{pipe}: nothing came for 0.2 s", Assert.Throws<SourceException>(() => source.Next(frame, _pulse, default)).Message);
    }

    [Fact]
    public void Next_StopWhileAPipeIsSilent_Returns()
    {
        using var folder = new TemporaryFolder();
        using var source = new StreamSource(Raw(MakePipe(folder), "grey", 2, 1));
        using var frame = new Frame();
        using var stop = new CancellationTokenSource(50);
        Assert.False(source.Next(frame, _pulse, stop.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Next_JpegFilesInARow_AreTakenApart(int gap)
    {
        using var folder = new TemporaryFolder();
        byte[][] images = [TestModel.Image(0, ".jpg"), TestModel.Image(127, ".jpg"), TestModel.Image(255, ".jpg")];
        byte[] between = [.. Enumerable.Repeat((byte)0xff, gap)];
        File.WriteAllBytes(folder["x"], [.. between, .. images[0], .. images[1], .. between, .. images[2]]);
        using var source = new StreamSource(new SourceConfig { Type = "raw", Path = folder["x"], Format = "jpeg" });
        using var frame = new Frame();
        foreach (byte[] image in images)
        {
            Assert.True(source.Next(frame, _pulse, default));
            Assert.Equal(image, frame.Bytes.ToArray());
        }
        Assert.False(source.Next(frame, _pulse, default));
    }

    [Fact]
    public void Take_JpegByteByByte_IsTheSame()
    {
        byte[] image = SharedData.Path("images", "darknet") is { } folder ? File.ReadAllBytes(Directory.GetFiles(folder, "*.jpg")[0]) : [];
        var splitter = new JpegSplitter("test");
        using var frame = new Frame();
        frame.Begin();
        for (int i = 0; i < image.Length; i++)
        {
            Assert.Equal(i == image.Length - 1, splitter.Take(image.AsSpan(i, 1), frame, out int taken));
            Assert.Equal(1, taken);
        }
        Assert.Equal(image, frame.Memory[..frame.Length].ToArray());
    }

    [Fact]
    public void Next_NoJpeg_EndsAtABound()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x"], new byte[3 << 20]);
        using var source = new StreamSource(new SourceConfig { Type = "raw", Path = folder["x"], Format = "jpeg" });
        using var frame = new Frame();
        Assert.EndsWith("holds no JPEG images: check that it is a stream of JPEG files", Assert.Throws<SourceException>(() => source.Next(frame, _pulse, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfNames_Patterns_MatchAnyLevel()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "a/1.png", "a/2.jpg", "b/c/3.png", "b/c/d/4.png", "5.png", "6.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllText(folder[name], "");
        }
        string[] Names(params string[] patterns) => [.. ImageList.OfNames([.. patterns.Select(pattern => folder[pattern])]).Select(path => Path.GetRelativePath(folder.Path, path))];
        Assert.Equal(["a/1.png", "a/2.jpg"], Names("a/*"));
        Assert.Equal(["a/1.png", "b/c/3.png"], Names("?/1.png", "b/c/3.png"));
        Assert.Equal(["5.png", "a/1.png", "b/c/3.png", "b/c/d/4.png"], Names("**/*.png"));
        Assert.Equal(["b/c/d/4.png"], Names("b/**/4.png"));
        Assert.Equal($"{folder["x/*"]}: no file fits: check the pattern", Assert.Throws<SourceException>(() => Names("x/*")).Message);
        Assert.Equal($"{folder["7.png"]}: there is no such file: check the path", Assert.Throws<SourceException>(() => Names("7.png")).Message);
    }

    private static SourceConfig Raw(string path, string format, int width, int height) => new() { Type = "raw", Path = path, Format = format, Width = width, Height = height };

    private static string MakePipe(TemporaryFolder folder)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("mkfifo", [folder["pipe"]]);
        process.WaitForExit();
        return folder["pipe"];
    }
}
