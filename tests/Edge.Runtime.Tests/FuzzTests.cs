using System.Diagnostics;
using System.Globalization;
using System.Text;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Sources;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>
/// Hostile bytes at every door of the runtime: each case ends with a result or one clear line, in time and within bounds of memory.
/// `make fuzz-runtime` runs many more cases. A case hangs on the seed and its number only.
/// </summary>
public sealed class FuzzTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private const int DefaultCases = 4000;
    private const long AllowedBytes = 8 << 20;

    private static readonly TimeSpan AllowedTime = TimeSpan.FromSeconds(5);
    internal static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("EDGE_FUZZ_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : DefaultCases;
    internal static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("EDGE_FUZZ_SEED"), CultureInfo.InvariantCulture, out ulong seed) ? seed : 1;

    internal static readonly ByteMutator Damage = new(
        "null"u8.ToArray(), "\"\""u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "[[[[[["u8.ToArray(), "{}"u8.ToArray(), "true"u8.ToArray(), "\\ud800"u8.ToArray(), "99999999999999999999"u8.ToArray(),
        "\r\n"u8.ToArray(), "\r\n\r\n"u8.ToArray(), "--frame"u8.ToArray(), "--frame--"u8.ToArray(), "Content-Length: "u8.ToArray(), "ffffffff"u8.ToArray(), "\0"u8.ToArray(), "\u00ff\u00d8"u8.ToArray(), [0xff, 0xd9], [0xff, 0xda]);

    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Config_Damaged_IsReadOrRefusedInLines()
    {
        byte[][] seeds = [.. SchemaTests.Good().Select(row => Encoding.UTF8.GetBytes(row.Data))];
        Run(Cases * 2 / 5, "config", bytes =>
        {
            var problems = new Problems();
            RuntimeConfig? config = ConfigFile.Parse(bytes, problems);
            Assert.Equal(config is null, problems.Count > 0);
            Assert.All(problems.Lines, line => Assert.DoesNotContain('\n', Reporting.Log.OneLine(line)));
        }, seeds);
    }

    [Fact]
    public void Command_Damaged_IsObeyedOrRefusedInOneLine()
    {
        byte[][] seeds =
        [
            "enable"u8.ToArray(), "reload"u8.ToArray(), """{ "enabled": true, "threshold": 0.25, "reload": false }"""u8.ToArray(), """{ "model": "second.edgepkg" }"""u8.ToArray(),
        ];
        Run(Cases / 4, "command", bytes =>
        {
            SetCommand command = SetCommand.Parse(bytes);
            Assert.True(command.Threshold is null or (>= 0 and <= 1));
        }, seeds);
    }

    [Fact]
    public void JpegStream_Damaged_IsTakenApartOrRefused()
    {
        byte[] image = TestModel.Image(127, ".jpg");
        byte[][] seeds = [[.. image, .. image], [1, 2, 3, .. image, 4, 5, .. TestModel.Image(0, ".jpg")]];
        using var frame = new Frame();
        Run(Cases / 10, "jpeg stream", bytes =>
        {
            var splitter = new JpegSplitter("fuzz");
            frame.Begin();
            int at = 0;
            while (at < bytes.Length)
            {
                if (splitter.Take(bytes.AsSpan(at, Math.Min(97, bytes.Length - at)), frame, out int taken))
                {
                    frame.Begin();
                }
                Assert.True(taken > 0);
                at += taken;
            }
        }, seeds);
    }

    [Fact]
    public void Image_Damaged_IsSeenOrRefused()
    {
        byte[][] seeds = [TestModel.Image(10), TestModel.Image(200), TestModel.Image(10, ".jpg"), TestModel.Image(200, ".jpg")];
        using VisionModel model = VisionModel.Open(Package.Open(_model.Package, PackageTrust.Load([_model.Key])), new SessionSettings { Threads = 1 });
        using VisionRunner runner = model.CreateRunner();
        Run(Cases / 5, "image", bytes => runner.Run(bytes), seeds);
    }

    [Fact]
    public void MjpegStream_Damaged_GivesFramesOrOneLine()
    {
        byte[] image = TestModel.Image(127, ".jpg");
        string binary = Encoding.Latin1.GetString(image);
        string parts = $"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {image.Length}\r\n\r\n{binary}\r\n--frame\r\n\r\n{binary}\r\n--frame--";
        byte[][] seeds =
        [
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n{parts}"),
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n{parts.Length:x}\r\n{parts}\r\n0\r\n\r\n"),
            "HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n"u8.ToArray(),
        ];
        byte[] answer = [];
        using var server = new FakeServer(connection => connection.Send(Volatile.Read(ref answer)));
        var config = new SourceConfig { Type = "mjpeg", Url = server.Url, StallSeconds = 2 };
        var pulse = new Pulse("fuzz");
        using var frame = new Frame();
        Run(Cases / 20, "mjpeg", bytes =>
        {
            Volatile.Write(ref answer, bytes);
            using var source = new MjpegSource(config, TestContext.Current.CancellationToken);
            while (source.Next(frame, pulse, TestContext.Current.CancellationToken))
            {
                Assert.InRange(frame.Length, 1, 16 << 20);
            }
        }, seeds);
    }

    private static void Run(int cases, string kind, Action<byte[]> work, byte[][] seeds)
    {
        for (int i = 0; i < cases; i++)
        {
            var random = new Random((int)SplitMix64.Mix(Seed, (ulong)i));
            byte[] bytes = Damage.Mutate(seeds[random.Next(seeds.Length)], random);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            string? failure = null;
            try
            {
                work(bytes);
            }
            catch (InputException e)
            {
                failure = e.Message.Contains('\n', StringComparison.Ordinal) ? $"several lines: {e.Message}" : null;
            }
            catch (Exception e)
            {
                failure = e.ToString();
            }
            TimeSpan time = Stopwatch.GetElapsedTime(started);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(failure is null && time < AllowedTime && allocated < AllowedBytes,
                $"{kind}, seed {Seed}, case {i}: {failure ?? $"{time.TotalSeconds:0.0} s, {allocated} bytes"}: {Convert.ToBase64String(bytes)}");
        }
    }
}
