using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>
/// The running program under faults: cameras that stall, break and send rubbish, a model that fails, a broker that dies, storms of
/// signals and commands. `make soak` gives it minutes and the native program.
/// </summary>
public sealed class SoakTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private const double DefaultSeconds = 20;
    private const long DefaultFrames = 3000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestModel _model = fixture.Model;
    private volatile bool _calm;

    [Fact]
    public void Run_UnderFaults_NeverEndsAndEveryFaultIsInTheHealth()
    {
        double seconds = double.TryParse(Environment.GetEnvironmentVariable("EDGE_SOAK_MINUTES"), CultureInfo.InvariantCulture, out double minutes) ? minutes * 60 : DefaultSeconds;
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        using var camera = new FakeServer(connection => Film(connection, stall: true, poison: false));
        using var fragile = new FakeServer(connection => Film(connection, stall: false, poison: true));
        string images = _model.WriteImages("soak", 12, ".jpg");
        File.WriteAllBytes($"{images}/0003.jpg", TestModel.Image(1, ".jpg").AsSpan(0, 200));
        File.WriteAllText($"{images}/0007.jpg", "rubbish");
        _model.WritePackage("fragile", release: 40, fragile: true);
        _model.WritePackage("other", release: 41);
        string config = WriteConfig(broker.Port, images, camera.Url, fragile.Url, 0.0);
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config, "--log", "warning");
        using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "soak", BackoffMinimum = TimeSpan.FromMilliseconds(100), BackoffMaximum = TimeSpan.FromSeconds(1) });
        MqttSubscription health = client.Subscribe("edge/soak/health");
        client.Start();
        HealthMessage first = Until(runtime, health, message => message.Pipelines.Count > 0 && message.Pipelines.All(pipeline => pipeline.Frames.Out > 0));
        double rss = runtime.ResidentMegabytes;
        var random = new Random(7);
        long end = Environment.TickCount64 + (long)(seconds * 1000);
        int faults = 0;
        while (Environment.TickCount64 < end)
        {
            Assert.False(runtime.HasExited, runtime.Errors);
            Disturb(random, broker, runtime, client, config, images, camera.Url, fragile.Url, faults++);
            using var pause = new ManualResetEventSlim();
            pause.Wait(random.Next(100, 700));
        }
        _calm = true;
        WriteConfig(broker.Port, images, camera.Url, fragile.Url, 0.0);
        runtime.Signal("HUP");
        Until(runtime, health, message => message.Config.Reloads > 0 && message.Pipelines.All(pipeline => pipeline.State == PipelineState.Running));
        HealthMessage before = Until(runtime, health, _ => true);
        HealthMessage last = Until(runtime, health, message => message.Pipelines.Zip(before.Pipelines).All(pair => pair.First.Frames.Out > pair.Second.Frames.Out + 20));
        PipelineHealth cam = last.Pipelines.Single(pipeline => pipeline.Name == "camera");
        PipelineHealth files = last.Pipelines.Single(pipeline => pipeline.Name == "files");
        PipelineHealth weak = last.Pipelines.Single(pipeline => pipeline.Name == "fragile");
        Assert.True(cam.Source.Restarts > 0 && cam.Source.LastError is not null, "the camera's failures are in the health");
        Assert.True(cam.Frames.Failed > 0, "the camera's rubbish is in the health");
        Assert.True(files.Frames.Failed > 0, "corrupt files are in the health");
        Assert.True(weak.ModelHealth.Failures > 0 && weak.ModelHealth.Quarantines > 0 && weak.ModelHealth.LastError is not null, "the model's failures are in the health");
        Assert.True(last.Mqtt!.Reconnects > 0, "the broker's restarts are in the health");
        Assert.True(last.Config.Reloads > 0, "reloads are in the health");
        Assert.True(files.ModelHealth.Swaps > 0, "changes of the model are in the health");
        double grown = runtime.ResidentMegabytes;
        Assert.True(grown < (rss * 1.3) + 30, $"{rss:0.0} MB at the start, {grown:0.0} MB after {faults} faults");
        Report(seconds, faults, rss, grown, first, last);
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
        Assert.DoesNotContain("unexpected", runtime.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ManyFrames_ResidentMemoryIsFlat()
    {
        long frames = long.TryParse(Environment.GetEnvironmentVariable("EDGE_SOAK_FRAMES"), CultureInfo.InvariantCulture, out long asked) ? asked : DefaultFrames;
        bool isNative = Environment.GetEnvironmentVariable("EDGE_RUNTIME") is not null;
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string images = _model.WriteImages("flat", 12, ".jpg");
        string config = _model.Folder["flat.json"];
        File.WriteAllText(config, $$"""
            {
              "device": "soak", "broker": { "host": "127.0.0.1", "port": {{broker.Port}} }, "trustedKeys": ["maker.key.pub"], "health": { "intervalSeconds": 1 },
              "pipelines": [{ "name": "files", "package": "{{Path.GetFileName(_model.Package)}}", "workers": 2,
                "sinks": [{ "type": "mqtt" }, { "type": "file", "path": "flat.jsonl", "keep": 0 }], "source": { "type": "folder", "path": "{{images}}", "loop": true } }]
            }
            """);
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config, "--log", "warning");
        using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "flat" });
        MqttSubscription health = client.Subscribe("edge/soak/health");
        client.Start();
        HealthMessage warm = Until(runtime, health, message => message.Pipelines.Sum(pipeline => pipeline.Frames.Out) >= frames / 10);
        HealthMessage last = Until(runtime, health, message => message.Pipelines.Sum(pipeline => pipeline.Frames.Out) >= frames, TimeSpan.FromMinutes(30));
        // The managed program's collector takes what it likes for a while; the native one's is small.
        double limit = (warm.Machine.RssMB * 1.02) + (isNative ? 0 : 25);
        string figures = string.Create(CultureInfo.InvariantCulture, $"{warm.Machine.RssMB:0.0} MB after {warm.Pipelines[0].Frames.Out} frames, {last.Machine.RssMB:0.0} MB after {last.Pipelines[0].Frames.Out}");
        TestContext.Current.SendDiagnosticMessage(figures);
        if (Environment.GetEnvironmentVariable("EDGE_SOAK_JSON") is { } path)
        {
            File.WriteAllText(Path.ChangeExtension(path, ".memory.json"), JsonSerializer.Serialize(new
            {
                framesBefore = warm.Pipelines[0].Frames.Out,
                rssMBBefore = warm.Machine.RssMB,
                frames = last.Pipelines[0].Frames.Out,
                rssMB = last.Machine.RssMB,
            }) + "\n");
        }
        Assert.True(last.Machine.RssMB <= limit, figures);
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
    }

    private void Disturb(Random random, MosquittoBroker broker, RuntimeProcess runtime, MqttClient client, string config, string images, string camera, string fragile, int number)
    {
        switch (number % 6)
        {
            case 0:
                for (int i = 0; i < 20; i++)
                {
                    runtime.Signal("HUP");
                }
                break;
            case 1:
                broker.Kill();
                broker.Start();
                break;
            case 2:
                WriteConfig(broker.Port, images, camera, fragile, Math.Round(random.NextDouble(), 3));
                runtime.Signal("HUP");
                break;
            case 3:
                Send(client, "files", $$"""{ "model": "{{(random.Next(2) == 0 ? "other.edgepkg" : Path.GetFileName(_model.Package))}}", "reload": true }""");
                Send(client, "camera", random.Next(2) == 0 ? "disable" : "enable");
                break;
            case 4:
                byte[] noise = new byte[random.Next(5000)];
                random.NextBytes(noise);
                client.TryPublish(new MqttTopic("edge/soak/files/set"), noise);
                File.WriteAllText(config, "{ damaged");
                runtime.Signal("HUP");
                break;
            default:
                Send(client, "camera", "enable");
                Send(client, "files", "reload");
                break;
        }
    }

    private static void Send(MqttClient client, string pipeline, string command) => client.TryPublish(new MqttTopic($"edge/soak/{pipeline}/set"), Encoding.UTF8.GetBytes(command));

    /// <summary>A camera that misbehaves until it is told to be calm.</summary>
    private void Film(FakeServer.Connection connection, bool stall, bool poison)
    {
        var random = new Random(connection.Number);
        byte[] dark = TestModel.Image(10, ".jpg");
        byte[] white = TestModel.Image(255, ".jpg");
        if (stall && !_calm && random.Next(4) == 0)
        {
            connection.Send(random.Next(2) == 0 ? "HTTP/1.1 500 Broken\r\n\r\n" : "what?");
            return;
        }
        connection.Send("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=f\r\n\r\n");
        for (int i = 0; !connection.Stop.WaitHandle.WaitOne(10); i++)
        {
            byte[] image = poison && !_calm && i % 100 > 60 ? white : dark;
            int fault = _calm || !stall ? 99 : random.Next(60);
            if (fault == 0)
            {
                // Silence, until the client gives up.
                connection.Stop.WaitHandle.WaitOne(1500);
            }
            byte[] bytes = fault is 1 or 2 ? image[..(image.Length / 2)] : image;
            connection.Send($"--f\r\nContent-Length: {(fault == 3 ? 7 : bytes.Length)}\r\n\r\n");
            connection.Send(bytes);
            connection.Send("\r\n");
            if (fault == 4)
            {
                return;
            }
        }
    }

    private string WriteConfig(int port, string images, string camera, string fragile, double threshold)
    {
        string path = _model.Folder["soak.json"];
        string package = Path.GetFileName(_model.Package);
        string level = threshold.ToString(CultureInfo.InvariantCulture);
        string temporary = _model.Folder["soak.json.new"];
        File.WriteAllText(temporary, $$"""
            {
              "device": "soak", "broker": { "host": "127.0.0.1", "port": {{port}} }, "trustedKeys": ["maker.key.pub"],
              "health": { "intervalSeconds": 0.5, "stuckSeconds": 20 },
              "pipelines": [
                { "name": "camera", "package": "{{package}}", "threshold": {{level}}, "source": { "type": "mjpeg", "url": "{{camera}}", "stallSeconds": 1 } },
                { "name": "files", "package": "{{package}}", "source": { "type": "folder", "path": "{{images}}", "loop": true, "framesPerSecond": {{(threshold > 0.5 ? 90 : 100)}} } },
                { "name": "fragile", "package": "fragile.edgepkg", "quarantine": { "failures": 5, "windowSeconds": 10, "retrySeconds": 0.3 },
                  "source": { "type": "mjpeg", "url": "{{fragile}}" } }
              ]
            }
            """);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    private static HealthMessage Until(RuntimeProcess runtime, MqttSubscription health, Func<HealthMessage, bool> condition) => Until(runtime, health, condition, Patience);

    private static HealthMessage Until(RuntimeProcess runtime, MqttSubscription health, Func<HealthMessage, bool> condition, TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience);
        string last = "nothing";
        while (true)
        {
            try
            {
                MqttMessage message = health.Messages.ReadAsync(end.Token).AsTask().GetAwaiter().GetResult();
                last = Encoding.UTF8.GetString(message.Payload.Span);
                if (!message.IsRetained && HealthMessage.Parse(message.Payload.Span) is var parsed && condition(parsed))
                {
                    return parsed;
                }
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited in vain; the last health was {last}; the log was {runtime.Errors}");
            }
        }
    }

    private static void Report(double seconds, int faults, double before, double after, HealthMessage first, HealthMessage last)
    {
        if (Environment.GetEnvironmentVariable("EDGE_SOAK_JSON") is not { } path)
        {
            return;
        }
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            seconds,
            faults,
            rssMBBefore = before,
            rssMBAfter = after,
            frames = last.Pipelines.Sum(pipeline => pipeline.Frames.Out) - first.Pipelines.Sum(pipeline => pipeline.Frames.Out),
            failedFrames = last.Pipelines.Sum(pipeline => pipeline.Frames.Failed),
            sourceRestarts = last.Pipelines.Sum(pipeline => pipeline.Source.Restarts),
            modelFailures = last.Pipelines.Sum(pipeline => pipeline.ModelHealth.Failures),
            quarantines = last.Pipelines.Sum(pipeline => pipeline.ModelHealth.Quarantines),
            swaps = last.Pipelines.Sum(pipeline => pipeline.ModelHealth.Swaps),
            reloads = last.Config.Reloads,
            brokerReconnects = last.Mqtt!.Reconnects,
        }) + "\n");
    }
}
