using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>The running program, by its topics, signals and sockets.</summary>
public sealed class ServiceTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Set_EveryCommand_WorksLiveAndIsEchoed()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        _model.WritePackage("second", release: 15);
        _model.WritePackage("wrong", release: 16, goldenOffset: 3);
        string config = _model.WriteConfig(broker.Port, _model.WriteImages("set", 6), ", \"loop\": true, \"framesPerSecond\": 100");
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        using var watcher = new Watcher(broker.Port, "edge/kitchen/light/state");
        watcher.Until(state => state is { State: PipelineState.Running, Enabled: true, Threshold: 0, Model.Release: 12, Error: null });
        watcher.Send("disable");
        watcher.Until(state => state is { State: PipelineState.Paused, Enabled: false });
        watcher.Send("""{ "enabled": true, "threshold": 0.25 }""");
        watcher.Until(state => state is { State: PipelineState.Running, Threshold: 0.25 });
        watcher.Send("""{ "model": "second.edgepkg" }""");
        watcher.Until(state => state is { Model.Release: 15, Error: null });
        watcher.Send("""{ "model": "wrong.edgepkg" }""");
        watcher.Until(state => state is { Model.Release: 15 } && state.Error?.Contains("gives another output on this machine", StringComparison.Ordinal) == true);
        watcher.Send("""{ "model": "../../etc/passwd" }""");
        watcher.Until(state => state.Error == "command: model: must be in the folder of the pipeline's package: give its name alone");
        watcher.Send("""{ "speed": 3 }""");
        watcher.Until(state => state.Error?.StartsWith("command: not what the protocol describes", StringComparison.Ordinal) == true);
        watcher.Send("reload");
        watcher.Until(state => state is { Model.Release: 15, Error: null });
        broker.Publish("-t", "edge/kitchen/nobody/set", "-m", "enable");
        runtime.WaitForLog("command: there is no pipeline nobody");
        Assert.Equal(15, ClassificationResult.Parse(Encoding.UTF8.GetBytes(broker.Subscribe("-t", "edge/kitchen/light/result", "-C", "1", "-W", "60")[0])).Model.Release);
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
    }

    [Fact]
    public void Hangup_ChangedConfiguration_ChangesOnlyWhatDiffers()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        string images = _model.WriteImages("hangup", 6);
        string package = Path.GetFileName(_model.Package);
        string One(string rest) => $$"""{ "name": "one", "package": "{{package}}", "source": { "type": "folder", "path": "{{images}}", "loop": true, "framesPerSecond": 50 }{{rest}} }""";
        string Two(string name, int rate) => $$"""{ "name": "{{name}}", "package": "{{package}}", "source": { "type": "folder", "path": "{{images}}", "loop": true, "framesPerSecond": {{rate}} } }""";
        string config = _model.Folder["hangup.json"];
        void Write(params string[] pipelines) => File.WriteAllText(config, $$"""
            { "device": "kitchen", "broker": { "host": "127.0.0.1", "port": {{broker.Port}} }, "trustedKeys": ["maker.key.pub"],
              "health": { "intervalSeconds": 0.3 }, "pipelines": [{{string.Join(", ", pipelines)}}] }
            """);
        Write(One(""), Two("two", 50));
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        using var health = new HealthWatcher(broker.Port);
        health.Until(message => message.Pipelines is [{ Name: "one", Frames.Out: > 10 }, { Name: "two", State: PipelineState.Running }]);
        Write(One(", \"threshold\": 0.5, \"topK\": 2"), Two("three", 20));
        runtime.Signal("HUP");
        HealthMessage changed = health.Until(message => message is { Config.Reloads: 1, Pipelines: [{ Name: "one" }, { Name: "three", State: PipelineState.Running }] });
        Assert.True(changed.Pipelines[0].Frames.Out > 10, "the first pipeline went on");
        Assert.Empty(broker.Subscribe("-t", "edge/kitchen/two/state", "-C", "1", "-W", "1"));
        File.WriteAllText(config, "{ nonsense");
        runtime.Signal("HUP");
        HealthMessage broken = health.Until(message => message.Config.Error is not null);
        Assert.False(broken.Ok);
        Assert.Contains(broken.Problems, problem => problem.Contains("not JSON", StringComparison.Ordinal));
        Write(One(""));
        runtime.Signal("HUP");
        health.Until(message => message is { Ok: true, Config.Error: null, Pipelines: [{ Name: "one" }] });
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
    }

    [Fact]
    public void Health_OfARun_TellsEverything()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        _model.WritePackage("with-reference", release: 30, reference: new ReferenceHistogram { Classes = [1, 0, 0], Confidence = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], Samples = 100 });
        string images = _model.WriteImages("health", 6);
        File.WriteAllText($"{images}/broken.png", "no image");
        string config = _model.Folder["health.json"];
        File.WriteAllText(config, $$"""
            { "device": "kitchen", "broker": { "host": "127.0.0.1", "port": {{broker.Port}} }, "trustedKeys": ["maker.key.pub"], "health": { "intervalSeconds": 0.3 },
              "pipelines": [
                { "name": "light", "package": "with-reference.edgepkg", "source": { "type": "folder", "path": "{{images}}", "loop": true, "framesPerSecond": 500 } },
                { "name": "dead", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "mjpeg", "url": "http://127.0.0.1:{{MosquittoBroker.FreePort()}}/" } },
                { "name": "gone", "package": "nowhere.edgepkg", "source": { "type": "folder", "path": "{{images}}" } }
              ] }
            """);
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        using var health = new HealthWatcher(broker.Port);
        HealthMessage message = health.Until(message => message.Pipelines.Count == 3 && message.Pipelines[0].Drift is not null && message.Pipelines[1].Source.Restarts > 0);
        PipelineHealth light = message.Pipelines[0];
        Assert.True(light.LatencyMs!.Total.P50 > 0 && light.LatencyMs.Total.P99 >= light.LatencyMs.Total.P50);
        Assert.True(light.Frames.Failed > 0 && light.Frames.In >= light.Frames.Out + light.Frames.Failed);
        Assert.StartsWith("cpu", light.Provider, StringComparison.Ordinal);
        Assert.True(light.Drift!.Classes > 1, "two classes of three are not in the reference");
        Assert.True(light.FramesPerSecond > 0);
        Assert.Equal(PipelineState.Waiting, message.Pipelines[1].State);
        Assert.Contains("the connection is refused", message.Pipelines[1].Source.LastError, StringComparison.Ordinal);
        Assert.NotNull(message.Pipelines[1].Source.LastErrorTime);
        Assert.Equal(PipelineState.Failed, message.Pipelines[2].State);
        Assert.True(message.Machine.RssMB > 10 && message.Machine.CpuPercent > 0);
        Assert.False(message.Ok);
        Assert.Equal(2, message.Problems.Count(problem => problem.StartsWith("pipeline ", StringComparison.Ordinal)));
        Assert.True(message.Mqtt!.Connected);
    }

    [Fact]
    public void Run_StdinAndStdout_IsAFilter()
    {
        string config = _model.Folder["filter.json"];
        File.WriteAllText(config, $$"""
            { "device": "kitchen", "trustedKeys": ["maker.key.pub"],
              "pipelines": [{ "name": "light", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "stdin", "format": "grey", "width": 8, "height": 8 }, "sinks": [{ "type": "stdout" }, { "type": "file", "path": "results.jsonl", "maxBytes": 1000, "keep": 2 }] }] }
            """);
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        for (int i = 0; i < 10; i++)
        {
            runtime.Input.Write([.. Enumerable.Repeat((byte)(i % 3 * 127), 64)]);
        }
        runtime.Input.Close();
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
        string[] lines = runtime.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        Assert.All(lines, (line, i) => Assert.Equal(TestModel.Labels[i % 3], ClassificationResult.Parse(Encoding.UTF8.GetBytes(line)).Classes[0].Label));
        string[] files = [_model.Folder["results.jsonl.2"], _model.Folder["results.jsonl.1"], _model.Folder["results.jsonl"]];
        string[] kept = [.. files.SelectMany(File.ReadAllLines)];
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 1000));
        Assert.Equal(lines[^kept.Length..], kept);
        Assert.False(File.Exists(_model.Folder["results.jsonl.3"]));
    }

    [Fact]
    public void Run_UnderSystemd_SaysReadyFeedsTheWatchdogAndSaysStopping()
    {
        string path = _model.Folder["notify"];
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.ReceiveTimeout = 20_000;
        string config = _model.WriteConfig(MosquittoBroker.FreePort(), _model.WriteImages("systemd", 6), ", \"loop\": true, \"framesPerSecond\": 50");
        using RuntimeProcess runtime = RuntimeProcess.Start(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "400000" }, "run", "--config", config);
        string Until(string start)
        {
            byte[] buffer = new byte[4096];
            while (true)
            {
                string text = Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
                if (text.StartsWith(start, StringComparison.Ordinal))
                {
                    return text;
                }
            }
        }
        Assert.StartsWith("READY=1\nSTATUS=light ", Until("READY"), StringComparison.Ordinal);
        Until("WATCHDOG=1");
        Until("WATCHDOG=1");
        runtime.Signal("HUP");
        Assert.Contains("MONOTONIC_USEC=", Until("RELOADING=1"), StringComparison.Ordinal);
        Until("READY=1");
        runtime.Signal("TERM");
        Until("STOPPING=1");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
    }

    [Fact]
    public void Otlp_ACollector_GetsMetricsAsTheProtocolHasThem()
    {
        using var collector = new FakeServer(connection => connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
        string config = _model.Folder["otlp.json"];
        File.WriteAllText(_model.Folder["token"], "Bearer abc\n");
        File.WriteAllText(config, $$"""
            { "device": "kitchen", "trustedKeys": ["maker.key.pub"], "health": { "intervalSeconds": 0.2 },
              "otlp": { "url": "{{new Uri(collector.Url).GetLeftPart(UriPartial.Authority)}}", "intervalSeconds": 0.3, "authorizationFile": "token" },
              "pipelines": [{ "name": "light", "package": "{{Path.GetFileName(_model.Package)}}", "sinks": [{ "type": "file", "path": "otlp.jsonl" }], "source": { "type": "folder", "path": "{{_model.WriteImages("otlp", 6)}}", "loop": true, "framesPerSecond": 100 } }] }
            """);
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        Wait.Until(() => collector.Requests.Any(request => request.Contains("edge.stage.duration", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), () => runtime.Errors);
        string request = collector.Requests.First(request => request.Contains("edge.stage.duration", StringComparison.Ordinal));
        Assert.StartsWith("POST /v1/metrics HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer abc\r\n", request, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        JsonElement resource = json.RootElement.GetProperty("resourceMetrics")[0];
        Assert.Equal("service.name", resource.GetProperty("resource").GetProperty("attributes")[0].GetProperty("key").GetString());
        JsonElement[] metrics = [.. resource.GetProperty("scopeMetrics")[0].GetProperty("metrics").EnumerateArray()];
        JsonElement frames = metrics.First(metric => metric.GetProperty("name").GetString() == "edge.frames").GetProperty("sum");
        Assert.Equal(2, frames.GetProperty("aggregationTemporality").GetInt32());
        Assert.True(frames.GetProperty("isMonotonic").GetBoolean());
        JsonElement point = frames.GetProperty("dataPoints")[0];
        Assert.True(long.Parse(point.GetProperty("asInt").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.True(long.Parse(point.GetProperty("timeUnixNano").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 1_600_000_000_000_000_000);
        Assert.Equal("light", point.GetProperty("attributes")[0].GetProperty("value").GetProperty("stringValue").GetString());
        runtime.Signal("TERM");
        Assert.True(runtime.WaitForExit() == 0, runtime.Errors);
    }

    [Fact]
    public void Check_GoodConfiguration_SaysSo()
    {
        string config = _model.WriteConfig(1, _model.WriteImages("check", 1));
        (int exitCode, string output, string errors) = RuntimeProcess.Run("check", "--config", config);
        Assert.True(exitCode == 0, errors);
        Assert.Equal($"{config}: 1 pipeline: everything is in order\n", output);
    }

    [Fact]
    public void Check_ManyMistakes_OneLineEachAndExitCode2()
    {
        string config = _model.Folder["check.json"];
        File.WriteAllText(config, $$"""
            { "device": "kitchen", "broker": { "host": "h", "userName": "u", "passwordFile": "no-password" }, "trustedKeys": ["maker.key.pub", "no-key.pub"],
              "pipelines": [
                { "name": "a", "package": "no.edgepkg", "source": { "type": "folder", "path": "/nowhere" } },
                { "name": "b", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "images", "paths": ["*.gif"] }, "sinks": [{ "type": "file", "path": "/nowhere/x" }] },
                { "name": "c", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "raw", "path": "/dev/video99", "format": "yuyv", "width": 640, "height": 480 } }
              ] }
            """);
        (int exitCode, string output, string errors) = RuntimeProcess.Run("check", "--config", config);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith($"edge-runtime: {config}: ", line, StringComparison.Ordinal));
        string[] paths = ["trustedKeys[1]", "broker", "pipelines[0].source.path", "pipelines[1].source.paths", "pipelines[1].sinks[0].path", "pipelines[2].source.path"];
        Assert.Equal(paths, lines.Select(line => line[$"edge-runtime: {config}: ".Length..].Split(": ")[0]));
    }

    [Fact]
    public void Run_OneBadPipelineOfTwo_TheOtherRuns()
    {
        string config = _model.Folder["half.json"];
        File.WriteAllText(config, $$"""
            { "device": "kitchen", "trustedKeys": ["maker.key.pub"],
              "pipelines": [
                { "name": "bad", "package": "nowhere.edgepkg", "sinks": [{ "type": "stdout" }], "source": { "type": "folder", "path": "{{_model.WriteImages("half", 3)}}" } },
                { "name": "good", "package": "{{Path.GetFileName(_model.Package)}}", "sinks": [{ "type": "file", "path": "half.jsonl" }], "source": { "type": "folder", "path": "{{_model.Folder["half"]}}" } }
              ] }
            """);
        string results = _model.Folder["half.jsonl"];
        using RuntimeProcess runtime = RuntimeProcess.Start("run", "--config", config);
        runtime.WaitForLog("pipeline bad: ");
        runtime.WaitForLog("pipeline good: brightness 1.2.0");
        runtime.WaitForLog("tried again later");
        Wait.Until(() => File.Exists(results) && File.ReadAllLines(results).Length == 3, "three results of the good pipeline");
        runtime.Signal("TERM");
        Assert.Equal(1, runtime.WaitForExit());
    }

    /// <summary>Reads the retained messages of a topic as they come.</summary>
    private class Watcher : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

        private readonly MqttClient _client;
        private readonly MqttSubscription _subscription;
        private readonly MqttTopic _set;

        internal Watcher(int port, string topic)
        {
            _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = $"watcher-{Guid.NewGuid():N}" });
            _subscription = _client.Subscribe(topic);
            _set = new MqttTopic("edge/kitchen/light/set");
            _client.Start();
        }

        internal void Send(string command) => Assert.Equal(MqttPublishResult.Queued, _client.TryPublish(_set, Encoding.UTF8.GetBytes(command)));

        internal PipelineStateMessage Until(Func<PipelineStateMessage, bool> condition) => Until(PipelineStateMessage.Parse, condition);

        public void Dispose() => _client.Dispose();

        protected T Until<T>(Parser<T> parse, Func<T, bool> condition)
        {
            using var patience = new CancellationTokenSource(Patience);
            string last = "nothing";
            try
            {
                while (true)
                {
                    MqttMessage message = _subscription.Messages.ReadAsync(patience.Token).AsTask().GetAwaiter().GetResult();
                    if (message.Payload.IsEmpty)
                    {
                        continue;
                    }
                    last = Encoding.UTF8.GetString(message.Payload.Span);
                    T value = parse(message.Payload.Span);
                    if (condition(value))
                    {
                        return value;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited in vain; the last message was {last}");
                throw;
            }
        }

        protected delegate T Parser<T>(ReadOnlySpan<byte> utf8);
    }

    private sealed class HealthWatcher(int port) : Watcher(port, "edge/kitchen/health")
    {
        internal HealthMessage Until(Func<HealthMessage, bool> condition) => Until(HealthMessage.Parse, condition);
    }
}
