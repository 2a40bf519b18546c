using Edge.Fleet.Protocol;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;
using Edge.Runtime.Sinks;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class PipelineTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestModel _model = fixture.Model;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_FolderWithWorkers_ResultsComeInOrderAndNoneIsMissing(int workers)
    {
        const int Images = 500;
        string images = _model.WriteImages("order", Images);
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "folder", Path = images }, workers, sink);
        RunToTheEnd(pipeline);
        Assert.Equal(Enumerable.Range(1, Images), sink.Results.Select(result => (int)result.Sequence));
        Assert.Equal(Enumerable.Range(0, Images).Select(i => $"{i:0000}.png"), sink.Results.Select(result => result.Source));
        Assert.All(sink.Results, (result, i) => Assert.Equal(TestModel.Labels[i % 3], result.Classes[0].Label));
        Assert.Equal(Images, pipeline.Feed.Given);
        Assert.Equal(Images, pipeline.Stats.Published);
        Assert.Equal(PipelineState.Ended, pipeline.State);
    }

    [Fact]
    public void Run_SwapsWhileAFolderIsRead_LoseNoFrameAndKeepTheOrder()
    {
        const int Images = 600;
        string images = _model.WriteImages("swap", Images);
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "folder", Path = images, FramesPerSecond = 400 }, 2, sink);
        var store = new ModelStore();
        var loader = new ModelLoader(store);
        RuntimeConfig config = Config(pipeline.Config);
        loader.Load(config, pipeline, _model.Package, fresh: false);
        string second = _model.WritePackage("brightness-1.3.0", release: 13);
        pipeline.Start();
        int swaps = 0;
        while (!pipeline.HasEnded)
        {
            loader.Load(config, pipeline, swaps++ % 2 == 0 ? second : _model.Package, fresh: true);
        }
        Assert.True(swaps > 2);
        Assert.Equal(Enumerable.Range(1, Images), sink.Results.Select(result => (int)result.Sequence));
        Assert.All(sink.Results, (result, i) => Assert.Equal(TestModel.Labels[i % 3], result.Classes[0].Label));
        Assert.Equal([12, 13], sink.Results.Select(result => result.Model.Release).Distinct().Order());
        Assert.Equal(swaps, pipeline.Stats.Swaps);
    }

    [Fact]
    public void Load_GoldenThatFails_KeepsTheOldModelAndSaysSo()
    {
        string bad = _model.WritePackage("brightness-bad", release: 14, goldenOffset: 1);
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "folder", Path = _model.WriteImages("golden", 30) }, 1, sink);
        var loader = new ModelLoader(new ModelStore());
        RuntimeConfig config = Config(pipeline.Config);
        loader.Load(config, pipeline, _model.Package, fresh: false);
        Assert.False(loader.TryLoad(config, pipeline, bad, fresh: false));
        RunToTheEnd(pipeline, load: false);
        Assert.Equal(30, sink.Results.Count);
        Assert.All(sink.Results, result => Assert.Equal(12, result.Model.Release));
        Assert.Contains("the golden input golden/0.input gives another output on this machine", pipeline.ModelError, StringComparison.Ordinal);
        Assert.Equal((0, 1), (pipeline.Stats.Swaps, pipeline.Stats.FailedSwaps));
    }

    [Fact]
    public void Open_OnePackageTwice_IsOneModelUntilBothAreGone()
    {
        var store = new ModelStore();
        PackageTrust trust = PackageTrust.Load([_model.Key]);
        ModelShare first = store.Open(_model.Package, trust, SessionSettings.Default);
        ModelShare second = store.Open(_model.Package, trust, SessionSettings.Default);
        Assert.Same(first.Model, second.Model);
        ModelShare other = store.Open(_model.Package, trust, new SessionSettings { Threads = 1 });
        Assert.NotSame(first.Model, other.Model);
        first.Dispose();
        first.Dispose();
        Assert.Equal(2, store.Count);
        second.Dispose();
        other.Dispose();
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Swap_ManyTimes_ResidentMemoryStaysFlat()
    {
        using var sink = new MemorySink { Keep = 0 };
        string images = _model.WriteImages("flat", 10);
        using Pipeline pipeline = Make(new SourceConfig { Type = "folder", Path = images, Loop = true, FramesPerSecond = 300 }, 2, sink);
        var loader = new ModelLoader(new ModelStore());
        RuntimeConfig config = Config(pipeline.Config);
        loader.Load(config, pipeline, _model.Package, fresh: false);
        pipeline.Start();
        double before = 0;
        for (int i = 0; i < 600; i++)
        {
            loader.Load(config, pipeline, _model.Package, fresh: true);
            // Native memory settles over some hundred changes; a leak would go on growing.
            if (i == 299)
            {
                before = Settled();
            }
        }
        double after = Settled();
        Assert.True(after < before * 1.02 + 2, $"{before:0.0} MB after 300 changes of the model, {after:0.0} MB after 600");
        Assert.Null(pipeline.Stats.LastModelError);
    }

    [Fact]
    public void Run_LiveSourceFasterThanTheModel_TheNewestWinsAndDropsAreCounted()
    {
        byte[] image = TestModel.Image(0, ".jpg");
        using FakeServer camera = FakeServer.Camera(_ => image);
        using var release = new ManualResetEventSlim();
        using var sink = new MemorySink { Before = () => release.Wait(Patience) };
        using Pipeline pipeline = Make(new SourceConfig { Type = "mjpeg", Url = camera.Url }, 1, sink);
        Load(pipeline);
        pipeline.Start();
        Wait.Until(() => pipeline.Feed.Dropped > 100, "frames that are pushed out");
        release.Set();
        Wait.Until(() => sink.Results.Count > 3, "results");
        pipeline.Stop();
        Assert.True(pipeline.Join(Patience));
        Assert.True(pipeline.Feed.Given >= pipeline.Feed.Dropped + pipeline.Stats.Results);
        Assert.True(pipeline.Feed.Given <= pipeline.Feed.Dropped + pipeline.Stats.Results + 2);
    }

    [Fact]
    public void Run_CameraThatBreaksInEveryWay_RecoversAndCountsRestarts()
    {
        byte[] image = TestModel.Image(255, ".jpg");
        using var camera = new FakeServer(connection =>
        {
            switch (connection.Number)
            {
                case 0:
                    connection.Send("HTTP/1.1 503 Busy\r\n\r\n");
                    break;
                case 1:
                    connection.Send("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=f\r\n\r\n");
                    for (int i = 0; i < 20; i++)
                    {
                        connection.Send("--f\r\nContent-Length: 4\r\n\r\nrubb\r\n");
                        connection.Stop.WaitHandle.WaitOne(5);
                    }
                    connection.Hang();
                    break;
                default:
                    connection.Send("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=f\r\n\r\n");
                    while (!connection.Stop.WaitHandle.WaitOne(5))
                    {
                        connection.Send($"--f\r\nContent-Length: {image.Length}\r\n\r\n");
                        connection.Send(image);
                    }
                    break;
            }
        });
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "mjpeg", Url = camera.Url, StallSeconds = 1 }, 1, sink);
        Load(pipeline);
        pipeline.Start();
        Wait.Until(() => sink.Results.Count > 3, "results after two failures");
        Assert.True(pipeline.Feed.Source.Restarts >= 2);
        Assert.True(pipeline.Stats.Spoilt > 0);
        Assert.Equal("bright", sink.Results[0].Classes[0].Label);
    }

    [Fact]
    public void Enable_False_ClosesALiveSourceAndTrueOpensItAgain()
    {
        byte[] image = TestModel.Image(0, ".jpg");
        using FakeServer camera = FakeServer.Camera(_ => image, TimeSpan.FromMilliseconds(5));
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "mjpeg", Url = camera.Url }, 1, sink);
        Load(pipeline);
        pipeline.Start();
        Wait.Until(() => sink.Results.Count > 0, "a result");
        pipeline.Enable(false);
        Wait.Until(() => !pipeline.Feed.Source.IsOpen, "a closed source");
        Assert.Equal(PipelineState.Paused, pipeline.State);
        pipeline.Enable(true);
        int before = sink.Results.Count;
        Wait.Until(() => sink.Results.Count > before + 1, "further results");
        Assert.Equal(0, pipeline.Feed.Source.Restarts);
        Assert.Equal(2, camera.Requests.Count);
    }

    [Fact]
    public void Enable_FalseForAFolder_WaitsWhereItIs()
    {
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "folder", Path = _model.WriteImages("pause", 200), FramesPerSecond = 300 }, 2, sink);
        Load(pipeline);
        pipeline.Start();
        Wait.Until(() => sink.Results.Count > 10, "results");
        pipeline.Enable(false);
        pipeline.Enable(true);
        Wait.Until(() => pipeline.HasEnded, "the end");
        Assert.Equal(Enumerable.Range(1, 200), sink.Results.Select(result => (int)result.Sequence));
    }

    [Fact]
    public void Run_ModelThatFails_IsQuarantinedAndTriedAgain()
    {
        string package = _model.WritePackage("fragile", release: 20, fragile: true);
        byte[] good = TestModel.Image(100, ".jpg");
        byte[] poison = TestModel.Image(255, ".jpg");
        bool poisoned = true;
        using FakeServer camera = FakeServer.Camera(_ => Volatile.Read(ref poisoned) ? poison : good, TimeSpan.FromMilliseconds(5));
        using var sink = new MemorySink();
        var quarantine = new QuarantineConfig { Failures = 3, WindowSeconds = 10, RetrySeconds = 0.1 };
        using Pipeline pipeline = Make(new SourceConfig { Type = "mjpeg", Url = camera.Url }, 1, sink, quarantine);
        var loader = new ModelLoader(new ModelStore());
        loader.Load(Config(pipeline.Config), pipeline, package, fresh: false);
        pipeline.Start();
        Wait.Until(() => pipeline.State == PipelineState.Quarantined, "quarantine");
        Assert.Equal(3, pipeline.Stats.ModelFailures);
        Assert.Contains("the engine failed", pipeline.Stats.LastModelError, StringComparison.Ordinal);
        Volatile.Write(ref poisoned, false);
        Wait.Until(pipeline.Quarantine.IsOver, "the end of the quarantine");
        loader.Load(Config(pipeline.Config), pipeline, package, fresh: true);
        pipeline.Quarantine.Lift();
        pipeline.OpenDoor();
        Wait.Until(() => sink.Results.Count > 0, "a result");
        Assert.Equal(PipelineState.Running, pipeline.State);
    }

    [Fact]
    public void Threshold_Raised_LeavesWeakClassesOut()
    {
        using var sink = new MemorySink();
        using Pipeline pipeline = Make(new SourceConfig { Type = "folder", Path = _model.WriteImages("threshold", 30) }, 1, sink);
        pipeline.Threshold = 1;
        RunToTheEnd(pipeline);
        Assert.Equal(30, sink.Results.Count);
        Assert.Contains(sink.Results, result => result.Classes.Count == 0);
    }

    [Theory]
    [InlineData("folder", "stdout-like")]
    [InlineData("folder", "file")]
    [InlineData("images", "file")]
    [InlineData("raw", "file")]
    [InlineData("jpeg", "file")]
    [InlineData("mjpeg", "file")]
    [InlineData("mjpeg", "stdout-like")]
    [InlineData("folder", "mqtt")]
    [InlineData("mjpeg", "mqtt")]
    public void Run_AnySourceToAnySink_AllocatesNothingAFrame(string kind, string to)
    {
        using var folder = new TemporaryFolder();
        byte[] image = TestModel.Image(127, ".jpg");
        using FakeServer camera = FakeServer.Camera(_ => image, TimeSpan.FromMilliseconds(1));
        SourceConfig source = kind switch
        {
            "folder" => new SourceConfig { Type = "folder", Path = _model.WriteImages("matrix", 50, ".jpg"), Loop = true },
            "images" => new SourceConfig { Type = "images", Paths = [Path.Combine(_model.WriteImages("matrix2", 50), "*.png")], Loop = true },
            "raw" => new SourceConfig { Type = "raw", Path = folder["x"], Format = "nv12", Width = 16, Height = 16, Loop = true },
            "jpeg" => new SourceConfig { Type = "raw", Path = folder["x"], Format = "jpeg", Loop = true },
            _ => new SourceConfig { Type = "mjpeg", Url = camera.Url },
        };
        File.WriteAllBytes(folder["x"], kind == "jpeg" ? [.. image, .. image] : new byte[384 * 3]);
        using MosquittoBroker? broker = to == "mqtt" ? MosquittoBroker.StartNew() : null;
        using var uplink = new Uplink();
        if (broker is not null)
        {
            var device = new RuntimeConfig { Device = "kitchen", TrustedKeys = [], Pipelines = [], Broker = new BrokerConfig { Host = "127.0.0.1", Port = broker.Port } };
            uplink.Connect(device, _ => { }, TimeSpan.Zero);
            Wait.Until(() => uplink.Link!.IsConnected, "the broker");
        }
        IResultSink sink = to switch
        {
            "file" => new RotatingFileSink(new SinkConfig { Type = "file", Path = folder["out"], MaxBytes = 1_000_000_000 }),
            "mqtt" => new MqttSink(uplink, "light", new SinkConfig { Type = "mqtt" }),
            _ => new MemorySink { Keep = 0 },
        };
        using Pipeline pipeline = Make(source, kind == "mjpeg" ? 1 : 2, sink);
        Load(pipeline);
        pipeline.Start();
        Wait.Until(() => pipeline.Stats.Results > 1500, Patience, () => $"{pipeline.Stats.Results} results, {pipeline.Feed.Source.LastError}");
        pipeline.Stop();
        Assert.True(pipeline.Join(Patience));
        Assert.True(pipeline.AllocatedBytesPerFrame() < 1, $"{pipeline.AllocatedBytesPerFrame()} bytes a frame");
    }

    private Pipeline Make(SourceConfig source, int workers, IResultSink sink, QuarantineConfig? quarantine = null)
    {
        var config = new PipelineConfig { Name = "light", Package = _model.Package, Source = source, Workers = workers, Quarantine = quarantine ?? new QuarantineConfig() };
        return new Pipeline(config, workers, [sink], new FirstResult());
    }

    private RuntimeConfig Config(PipelineConfig pipeline) => new() { Device = "kitchen", TrustedKeys = [_model.Key], Pipelines = [pipeline], Providers = ["cpu"] };

    private void Load(Pipeline pipeline) => new ModelLoader(new ModelStore()).Load(Config(pipeline.Config), pipeline, _model.Package, fresh: false);

    private void RunToTheEnd(Pipeline pipeline, bool load = true)
    {
        if (load)
        {
            Load(pipeline);
        }
        pipeline.Start();
        Wait.Until(() => pipeline.HasEnded, Patience, () => $"{pipeline.Stats.Results} results");
    }

    private static double Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Reporting.ProcessFacts.ResidentMegabytes;
    }

    /// <summary>Keeps results in memory.</summary>
    private sealed class MemorySink : IResultSink
    {
        private readonly List<byte[]> _results = [];

        public string Name => "memory";

        internal int Keep { get; init; } = int.MaxValue;

        internal Action? Before { get; init; }

        internal IReadOnlyList<ClassificationResult> Results
        {
            get
            {
                lock (_results)
                {
                    return [.. _results.Select(json => ClassificationResult.Parse(json))];
                }
            }
        }

        public bool Write(MessageKind kind, ReadOnlySpan<byte> json)
        {
            Before?.Invoke();
            if (Keep > 0)
            {
                lock (_results)
                {
                    _results.Add(json.ToArray());
                }
            }
            return true;
        }

        public void Dispose()
        {
        }
    }
}
