using System.Text;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Gpio;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>Lines of a board whose chip is made of bytes: events, states and commands over a real broker, and pipelines that wake.</summary>
public sealed class GpioTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private const string Lines = """[{ "name": "pir", "chip": "gpiochip0", "line": "3" }, { "name": "lamp", "chip": "gpiochip0", "line": "5", "direction": "output", "active": true }]""";

    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Change_OfAnInput_IsANumberedEventWithTheKernelsTime()
    {
        using var board = new Board(_model, Lines, Folder(""));
        MqttSubscription events = board.Subscribe("edge/board/pir/event");
        MqttSubscription states = board.Subscribe("edge/board/pir/state");
        board.Start();
        Assert.False(Next(states, GpioState.Parse).Active);
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        long rising = board.Chip.Change(3, true);
        long falling = board.Chip.Change(3, false, lost: 4);
        GpioEvent first = Next(events, GpioEvent.Parse);
        GpioEvent second = Next(events, GpioEvent.Parse);
        Assert.Equal(("pir", true, 1L, 0L, rising), (first.Input, first.Active, first.Sequence, first.Lost, first.Nanoseconds));
        Assert.Equal(("pir", false, 6L, 4L, falling), (second.Input, second.Active, second.Sequence, second.Lost, second.Nanoseconds));
        Assert.InRange(first.Time, before - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow());
        Assert.True(Next(states, GpioState.Parse).Active);
        Assert.False(Next(states, GpioState.Parse).Active);
    }

    [Fact]
    public void Set_OfAnOutput_IsObeyedAndSaid()
    {
        using var board = new Board(_model, Lines, Folder(""));
        MqttSubscription states = board.Subscribe("edge/board/lamp/state");
        MqttSubscription inputs = board.Subscribe("edge/board/pir/state");
        board.Start();
        Assert.True(Next(states, GpioState.Parse).Active);
        Assert.True(board.Chip.Value(5));
        board.Publish("edge/board/lamp/set", "off");
        Assert.False(Next(states, GpioState.Parse).Active);
        Assert.False(board.Chip.Value(5));
        board.Publish("edge/board/lamp/set", """{ "active": true }""");
        Assert.True(Next(states, GpioState.Parse).Active);
        Assert.True(board.Chip.Value(5));
        board.Publish("edge/board/lamp/set", "dim");
        Assert.Equal("command: neither on or off, nor a JSON object with active", Next(states, GpioState.Parse).Error);
        board.Publish("edge/board/lamp/set", """{ "active": true, "colour": "red" }""");
        Assert.StartsWith("command: not what the protocol describes", Next(states, GpioState.Parse).Error, StringComparison.Ordinal);
        Next(inputs, GpioState.Parse);
        board.Publish("edge/board/pir/set", "on");
        Assert.Equal("is an input: only outputs are set", Next(inputs, GpioState.Parse).Error);
        Assert.True(board.Chip.Value(5));
    }

    [Fact]
    public void Chip_GoneAndBack_IsSaidAndTheOutputIsAsItWas()
    {
        using var board = new Board(_model, Lines, Folder(""));
        MqttSubscription states = board.Subscribe("edge/board/pir/state");
        board.Start();
        Next(states, GpioState.Parse);
        board.Chip.IsGone = true;
        GpioState gone = Next(states, GpioState.Parse);
        Assert.Null(gone.Active);
        Assert.NotNull(gone.Error);
        Assert.Contains(board.Ports.Problems(), line => line.StartsWith("gpio pir: ", StringComparison.Ordinal));
        board.Chip.IsGone = false;
        Assert.False(Next(states, GpioState.Parse).Active);
        Assert.DoesNotContain(board.Ports.Problems(), line => line.StartsWith("gpio pir: ", StringComparison.Ordinal));
        Assert.True(board.Chip.Value(5));
    }

    [Fact]
    public void Use_OtherLines_OldOnesAreGivenBackAndTheirStatesTakenAway()
    {
        using var board = new Board(_model, Lines, Folder(""));
        MqttSubscription states = board.Subscribe("edge/board/pir/state");
        board.Start();
        Next(states, GpioState.Parse);
        int requests = board.Chip.Requests;
        board.Ports.Use(board.Config);
        Assert.Equal(requests, board.Chip.Requests);
        board.Ports.Use(board.Config with { Gpio = [board.Config.Gpio[1]] });
        Assert.Equal(0, Next(states, bytes => bytes.Length));
        Wait.Until(() => board.Chip.Requests == requests + 1, "the line that stays is asked for again");
    }

    [Theory]
    [InlineData("active", true)]
    [InlineData("inactive", false)]
    public void Trigger_ChangeOfAnInput_WakesThePipelineForAWhile(string on, bool value)
    {
        string raw = _model.Folder[$"{on}.raw"];
        File.WriteAllBytes(raw, new byte[TestModel.Side * TestModel.Side * 50]);
        string pipeline = $$"""
            { "name": "eye", "package": "{{Path.GetFileName(_model.Package)}}", "trigger": { "gpio": "pir", "on": "{{on}}", "seconds": 0.3 },
              "source": { "type": "raw", "path": "{{raw}}", "format": "grey", "width": {{TestModel.Side}}, "height": {{TestModel.Side}}, "loop": true, "live": true, "framesPerSecond": 100 } }
            """;
        using var board = new Board(_model, Lines, pipeline);
        board.Start();
        Pipeline eye = board.Pipelines.Find("eye")!;
        Assert.Equal((PipelineState.Asleep, 0L), (eye.State, eye.Stats.Results));
        Wait.Until(() => board.Chip.Requests == 2, "both lines");
        board.Chip.Change(3, !value);
        board.Chip.Change(3, value);
        Wait.Until(() => eye.Stats.Results > 3, "results of the pipeline that was woken");
        Wait.Until(
            () =>
            {
                eye.Tend();
                return eye.State == PipelineState.Asleep && !eye.Feed.Source.IsOpen;
            },
            "the pipeline to fall asleep with its source closed");
        eye.Enable(false);
        board.Chip.Change(3, !value);
        board.Chip.Change(3, value);
        Wait.Until(() => board.Ports.Problems().Any() || eye.State == PipelineState.Paused, "the state of one that is told to pause");
        eye.Enable(true);
        Wait.Until(() => eye.State != PipelineState.Paused, "the pipeline to go on");
    }

    [Fact]
    public void Trigger_ReadingBeyondALimit_WakesThePipeline()
    {
        string package = Path.GetFileName(SensorPackage.Write(_model));
        string images = _model.WriteImages("woken", 3);
        string calm = SensorPackage.WriteTable(_model, "calm.csv", 40, 1000);
        string wild = SensorPackage.WriteTable(_model, "wild.csv", 40, 20);
        string pipelines = $$"""
            { "name": "calm", "package": "{{package}}", "source": { "type": "csv", "path": "{{calm}}" } },
            { "name": "wild", "package": "{{package}}", "source": { "type": "csv", "path": "{{wild}}" } },
            { "name": "one", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "folder", "path": "{{images}}" }, "trigger": { "pipeline": "calm", "column": "level", "above": 0.5 } },
            { "name": "two", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "folder", "path": "{{images}}" }, "trigger": { "pipeline": "wild", "column": "level", "above": 0.5 } }
            """;
        using var board = new Board(_model, "[]", pipelines);
        board.Start();
        Wait.Until(() => board.Pipelines.Find("two")!.HasEnded && board.Pipelines.Find("calm")!.HasEnded, "the pipeline that the reading wakes, and the end of the calm one");
        Assert.Equal(3, board.Pipelines.Find("two")!.Stats.Results);
        Assert.Equal((PipelineState.Asleep, 0L), (board.Pipelines.Find("one")!.State, board.Pipelines.Find("one")!.Stats.Results));
    }

    [Fact]
    public void Check_TriggerOnAColumnThatThePackageLacks_IsOneLine()
    {
        string package = Path.GetFileName(SensorPackage.Write(_model, "check"));
        string table = SensorPackage.WriteTable(_model, "check.csv", 4, 2);
        string config = _model.Folder["check-trigger.json"];
        File.WriteAllText(config, $$"""
            { "device": "board", "trustedKeys": ["maker.key.pub"], "pipelines": [
              { "name": "climate", "package": "{{package}}", "source": { "type": "csv", "path": "{{table}}" }, "sinks": [{ "type": "stdout" }] },
              { "name": "eye", "package": "{{Path.GetFileName(_model.Package)}}", "source": { "type": "folder", "path": "{{_model.WriteImages("check", 1)}}" }, "sinks": [{ "type": "stdout" }], "trigger": { "pipeline": "climate", "column": "lvl", "above": 1 } }] }
            """);
        (int exitCode, _, string errors) = RuntimeProcess.Run("check", "--config", config);
        Assert.Equal(2, exitCode);
        Assert.Contains("pipelines[1].trigger.column: \"lvl\" is no column of", errors, StringComparison.Ordinal);
        Assert.Contains("known are Level", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Sleep_WokenAgain_LastsFromTheLastCause()
    {
        var time = new ManualTime();
        var sleep = new Sleep(time);
        Assert.False(sleep.TryFallAsleep());
        sleep.Set(asleep: true);
        Assert.True(sleep.IsAsleep);
        Assert.True(sleep.Wake(TimeSpan.FromSeconds(10)));
        time.Advance(9);
        Assert.False(sleep.Wake(TimeSpan.FromSeconds(10)));
        time.Advance(9);
        Assert.False(sleep.TryFallAsleep());
        time.Advance(1);
        Assert.True(sleep.TryFallAsleep());
        Assert.False(sleep.TryFallAsleep());
        sleep.Set(asleep: false);
        time.Advance(1000);
        Assert.False(sleep.TryFallAsleep());
    }

    private string Folder(string fields) =>
        $$"""{ "name": "light", "package": "{{Path.GetFileName(_model.Package)}}", "enabled": false, "source": { "type": "folder", "path": "{{_model.WriteImages("gpio", 3)}}" }{{fields}} }""";

    private static T Next<T>(MqttSubscription subscription, Reader<T> parse)
    {
        MqttMessage? message = null;
        Wait.Until(() => subscription.Messages.TryRead(out message), $"a message of {subscription.Filter}");
        return parse(message!.Payload.Span);
    }

    private delegate T Reader<T>(ReadOnlySpan<byte> bytes);

    private sealed class ManualTime : TimeProvider
    {
        private long _now = 1000;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        internal void Advance(double seconds) => _now += (long)(seconds * 1000);
    }

    /// <summary>The parts of a running device that lines and triggers touch, put together as the runtime does.</summary>
    private sealed class Board : IDisposable
    {
        private readonly MosquittoBroker _broker = MosquittoBroker.StartNew();
        private readonly MqttClient _client;
        private readonly Uplink _uplink = new();
        private readonly JobQueue _jobs = new();

        internal Board(TestModel model, string lines, string pipelines)
        {
            string path = model.Folder["board.json"];
            File.WriteAllText(path, $$"""{ "device": "board", "broker": { "host": "127.0.0.1", "port": {{_broker.Port}} }, "trustedKeys": ["maker.key.pub"], "gpio": {{lines}}, "pipelines": [{{pipelines}}] }""");
            Config = ConfigFile.Load(path);
            Pipelines = new PipelineSet(new ModelLoader(new ModelStore()), _uplink, () => { });
            Ports = new GpioPorts(_uplink, Pipelines.Triggers, Chip.Open);
            _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = _broker.Port, ClientId = "watcher" });
            _client.Start();
        }

        internal RuntimeConfig Config { get; }

        internal FakeGpioChip Chip { get; } = new();

        internal PipelineSet Pipelines { get; }

        internal GpioPorts Ports { get; }

        internal MqttSubscription Subscribe(string filter)
        {
            MqttSubscription subscription = _client.Subscribe(filter);
            Assert.True(subscription.Acknowledged.Wait(TimeSpan.FromSeconds(20)));
            return subscription;
        }

        internal void Publish(string topic, string text) =>
            Assert.Equal(MqttPublishResult.Queued, _client.TryPublish(new MqttTopic(topic), Encoding.UTF8.GetBytes(text)));

        internal void Start()
        {
            var commands = new Commands(Pipelines, _uplink, _jobs, Ports, (_, _) => { });
            _uplink.Connect(Config, commands.Listen, TimeSpan.FromSeconds(1));
            Wait.Until(() => _uplink.Link!.IsConnected, "the connection");
            Pipelines.Create(Config);
            Pipelines.Start();
            Ports.Use(Config);
        }

        public void Dispose()
        {
            Ports.Dispose();
            Pipelines.Dispose();
            _jobs.Dispose();
            _uplink.Dispose();
            _client.Dispose();
            _broker.Dispose();
        }
    }
}
