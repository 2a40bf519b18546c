using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class RunTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private readonly TestModel _model = fixture.Model;

    [Fact]
    public async Task Run_FolderOnce_EveryResultArrivesInOrderBetweenOnlineAndOffline()
    {
        const int Images = 600;
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("once", Images));
        using Process subscriber = broker.StartSubscriber("-t", "edge/+/status", "-t", "edge/+/+/result", "-q", "1", "-v", "-C", $"{Images + 2}", "-W", "60");
        Task<string> received = subscriber.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        broker.WaitForLog("Sending SUBACK");
        string stats = _model.Folder["stats.json"];
        (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        string[] lines = (await received).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Images + 2, lines.Length);
        Assert.Equal(DeviceState.Online, Status(lines[0]).State);
        Assert.Equal(DeviceState.Offline, Status(lines[^1]).State);
        for (int i = 0; i < Images; i++)
        {
            ClassificationResult result = Result(lines[i + 1]);
            Assert.Equal(i + 1, result.Sequence);
            Assert.Equal($"{i:0000}.png", result.Source);
            Assert.Equal(TestModel.Labels[i % 3], Assert.Single(result.Classes).Label);
        }
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        JsonElement pipeline = json.RootElement.GetProperty("pipelines")[0];
        Assert.Equal(Images, pipeline.GetProperty("frames").GetInt64());
        Assert.Equal(Images, pipeline.GetProperty("published").GetInt64());
        Assert.Equal(0, pipeline.GetProperty("dropped").GetInt64());
        // A frame that allocates costs 24 bytes at least; what the first meeting of two threads costs once does not count.
        Assert.InRange(pipeline.GetProperty("allocatedBytesPerFrame").GetDouble(), 0, 1);
        Assert.True(json.RootElement.GetProperty("firstResultMs").GetDouble() > 0);
        // Status, state and health messages are counted too.
        Assert.True(json.RootElement.GetProperty("mqtt").GetProperty("acknowledged").GetInt64() > Images + 2);
    }

    [Fact]
    public void Run_PublishOnChange_OnlyChangesArrive()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string images = Directory.CreateDirectory(_model.Folder["change"]).FullName;
        for (int i = 0; i < 9; i++)
        {
            File.WriteAllBytes($"{images}/{i}.png", TestModel.Image((byte)(i / 3 * 127)));
        }
        string config = _model.WriteConfig(broker.Port, images, pipeline: ", \"publish\": \"change\", \"topK\": 2");
        using Process subscriber = broker.StartSubscriber("-t", "edge/+/+/result", "-q", "1", "-v", "-C", "3", "-W", "60");
        broker.WaitForLog("Sending SUBACK");
        Assert.Equal(0, RuntimeProcess.Run("run", "--config", config).ExitCode);
        string[] lines = subscriber.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0.png", "3.png", "6.png"], lines.Select(line => Result(line).Source));
        Assert.All(lines, line => Assert.Equal(2, Result(line).Classes.Count));
    }

    [Fact]
    public void Run_UnreadableImages_AreSkippedCountedAndLogged()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string images = _model.WriteImages("skip", 5);
        File.WriteAllText($"{images}/0001.png", "no image");
        byte[] jpeg = TestModel.Image(9, ".jpg");
        File.WriteAllBytes($"{images}/zz.jpg", jpeg.AsSpan(0, jpeg.Length / 2));
        string config = _model.WriteConfig(broker.Port, images);
        string stats = _model.Folder["skip.json"];
        (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(2, errors.Split("pipeline light: skipped: ").Length - 1);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        Assert.Equal(2, json.RootElement.GetProperty("pipelines")[0].GetProperty("skipped").GetInt64());
        Assert.Equal(4, json.RootElement.GetProperty("pipelines")[0].GetProperty("published").GetInt64());
    }

    [Fact]
    public void Run_BrokerAbsentThenThere_CountsDropsLogsOnceAndDeliversAfterwards()
    {
        using var broker = new MosquittoBroker();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("absent", 6), ", \"loop\": true, \"framesPerSecond\": 200");
        string stats = _model.Folder["absent.json"];
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config, "--stats", stats, "--log", "info");
        runtime.WaitForLog("no connection to 127.0.0.1");
        broker.Start();
        runtime.WaitForLog("results were dropped meanwhile");
        Assert.Equal(5, broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "5", "-W", "60").Count);
        Assert.Equal(DeviceState.Online, StatusMessage.Parse(Encoding.UTF8.GetBytes(broker.Subscribe("-t", "edge/kitchen/status", "-C", "1", "-W", "60")[0])).State);
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
        Assert.Single(runtime.Errors.Split('\n'), line => line.Contains("no connection to", StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        Assert.True(json.RootElement.GetProperty("pipelines")[0].GetProperty("dropped").GetInt64() > 0);
    }

    [Fact]
    public void Run_BrokerNeverThere_EndsWithTheFolderAndExitCode0()
    {
        string config = _model.WriteConfig(MosquittoBroker.FreePort(), _model.WriteImages("never", 20));
        string stats = _model.Folder["never.json"];
        (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        Assert.Equal(20, json.RootElement.GetProperty("pipelines")[0].GetProperty("dropped").GetInt64());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void Run_SignalInTheMiddle_ExitCode0AndRetainedOffline(string signal)
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages($"signal-{signal}", 6), ", \"loop\": true, \"framesPerSecond\": 100");
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "3", "-W", "60");
        runtime.Signal(signal);
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
        string status = Assert.Single(broker.Subscribe("-t", "edge/kitchen/status", "-C", "1", "-W", "60"));
        Assert.Equal(DeviceState.Offline, StatusMessage.Parse(Encoding.UTF8.GetBytes(status)).State);
    }

    [Fact]
    public void Run_SecondSignalWhileTheBrokerIsFrozen_EndsAtOnce()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("second", 6), ", \"loop\": true, \"framesPerSecond\": 100");
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "3", "-W", "60");
        broker.Freeze();
        runtime.Signal("TERM");
        runtime.WaitForLog("SIGTERM: ending");
        runtime.Signal("TERM");
        int exitCode = runtime.WaitForExit();
        broker.Thaw();
        Assert.Equal(128 + 15, exitCode);
    }

    [Fact]
    public void Run_TwoPipelinesOfOnePackage_BothPublishEverything()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string images = _model.WriteImages("two", 50);
        string more = $$""", { "name": "again", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "folder", "path": "{{images}}", "pattern": "000?.png" } }""";
        string config = _model.WriteConfig(broker.Port, images);
        File.WriteAllText(config, File.ReadAllText(config).Replace("} }\n  ]", $"}} }}{more}\n  ]", StringComparison.Ordinal));
        string stats = _model.Folder["two.json"];
        (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        Assert.Equal([50, 10], json.RootElement.GetProperty("pipelines").EnumerateArray().Select(pipeline => pipeline.GetProperty("published").GetInt64()));
    }

    [Fact]
    public void Run_Killed_TheBrokerPublishesTheWill()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("killed", 6), ", \"loop\": true, \"framesPerSecond\": 100");
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "3", "-W", "60");
        using Process subscriber = broker.StartSubscriber("-t", "edge/kitchen/status", "-C", "2", "-W", "60");
        broker.WaitForLog("Sending SUBACK", times: 3);
        runtime.Signal("KILL");
        string[] states = subscriber.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([DeviceState.Online, DeviceState.Offline], states.Select(state => StatusMessage.Parse(Encoding.UTF8.GetBytes(state)).State));
    }

    [Fact]
    public void Run_BrokerRestarts_OnlineAgainAndResultsGoOn()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("restart", 6), ", \"loop\": true, \"framesPerSecond\": 100");
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "3", "-W", "60");
        broker.Kill();
        runtime.WaitForLog("no connection to");
        broker.Start();
        broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "3", "-W", "60");
        string status = Assert.Single(broker.Subscribe("-t", "edge/kitchen/status", "-C", "1", "-W", "60"));
        Assert.Equal(DeviceState.Online, StatusMessage.Parse(Encoding.UTF8.GetBytes(status)).State);
        runtime.Signal("TERM");
        Assert.Equal(0, runtime.WaitForExit());
    }

    [Fact]
    public void Run_DetectorOverPhotos_BoxesComeInOrderInsideTheFrames()
    {
        _model.WriteDetector();
        string photos = SharedData.Path("images", "darknet");
        string config = _model.Folder["detector.json"];
        string Text(string rest) => $$"""
            { "device": "kitchen", "trustedKeys": ["maker.key.pub"], "pipelines": [
              { "name": "photos", "package": "detector.edgepkg", "sinks": [{ "type": "file", "path": "boxes.jsonl" }], "source": { "type": "folder", "path": "{{photos}}"{{rest}} } } ] }
            """;
        File.WriteAllText(config, Text(""));
        string stats = _model.Folder["detector.stats.json"];
        (int exitCode, _, string errors) = RuntimeProcess.Run("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        DetectionResult[] results = [.. File.ReadAllLines(_model.Folder["boxes.jsonl"]).Select(line => DetectionResult.Parse(Encoding.UTF8.GetBytes(line)))];
        Assert.Equal(Directory.GetFiles(photos, "*.jpg").Order(StringComparer.Ordinal).Select(Path.GetFileName), results.Select(result => result.Source));
        Assert.Contains(results, result => result.Source == "dog.jpg" && result.Detections.Any(found => found.Label == "class 16" && found.Score > 0.5));
        Assert.All(results.SelectMany(result => result.Detections.Select(found => (result, found.Box))), pair =>
        {
            Assert.InRange(pair.Box.Left, 0, pair.Box.Right);
            Assert.InRange(pair.Box.Right, pair.Box.Left, pair.result.Width);
            Assert.InRange(pair.Box.Bottom, pair.Box.Top, pair.result.Height);
        });
    }

    private static StatusMessage Status(string line)
    {
        const string Topic = "edge/kitchen/status ";
        Assert.StartsWith(Topic, line, StringComparison.Ordinal);
        return StatusMessage.Parse(Encoding.UTF8.GetBytes(line[Topic.Length..]));
    }

    private static ClassificationResult Result(string line)
    {
        const string Topic = "edge/kitchen/light/result ";
        Assert.StartsWith(Topic, line, StringComparison.Ordinal);
        return ClassificationResult.Parse(Encoding.UTF8.GetBytes(line[Topic.Length..]));
    }
}
