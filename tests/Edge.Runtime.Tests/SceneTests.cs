using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Imaging;
using Edge.Inference;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;
using Edge.Runtime.Sinks;
using Edge.Scenes;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>From frames to events: tracking, zones, lines and snapshots as a pipeline does them.</summary>
public sealed class SceneTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly ZoneConfig LeftHalf = new() { Name = "left", Points = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]] };

    private static readonly LineConfig Middle = new() { Name = "middle", From = [0.5, 1], To = [0.5, 0] };

    private readonly TestModel _model = fixture.Model;

    [Fact]
    public void Run_GeneratedScene_EventsAndCountsAgree()
    {
        List<Message> messages = Run(SceneFilm.Of(new GeneratedSceneOptions { Objects = 8, Frames = 240 }), zones: [LeftHalf], lines: [Middle]);
        ObjectEvent[] events = [.. messages.Where(m => m.Kind == MessageKind.Event).Select(m => m.Event)];
        Assert.True(events.Count(e => e.Event == ObjectEventKind.Start) >= 8);
        Assert.Equal(Ids(ObjectEventKind.Start), Ids(ObjectEventKind.End));
        Assert.Contains(events, e => e.Event == ObjectEventKind.LineCross && e.Line == "middle" && e.Direction is not null);
        Assert.All(events, e => Assert.InRange(e.Object.Path.Count, 0, 32));
        Assert.All(events, e => Assert.True(e.Object.Best.Score >= e.Object.Score || e.Event == ObjectEventKind.Start));
        Assert.All(events, e => Assert.True(e.Object.FirstSeen <= e.Object.LastSeen && e.Object.LastSeen <= e.Time));
        // What results count is what the events up to then say; those of a frame come behind its result.
        int present = 0, inside = 0;
        long right = 0, left = 0;
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i].Kind == MessageKind.Event)
            {
                continue;
            }
            DetectionResult result = messages[i].Detections;
            foreach (ObjectEvent e in messages.Skip(i + 1).TakeWhile(m => m.Kind == MessageKind.Event).Select(m => m.Event).Where(e => e.Sequence == result.Sequence))
            {
                // At the end of the source everything ends in the last frame, behind its counts.
                bool isOver = i == messages.FindLastIndex(m => m.Kind == MessageKind.Result) && e.Event is ObjectEventKind.End or ObjectEventKind.ZoneLeave;
                present += isOver ? 0 : e.Event == ObjectEventKind.Start ? 1 : e.Event == ObjectEventKind.End ? -1 : 0;
                inside += isOver ? 0 : e.Event == ObjectEventKind.ZoneEnter ? 1 : e.Event == ObjectEventKind.ZoneLeave ? -1 : 0;
                right += e.Direction == CrossingDirection.LeftToRight ? 1 : 0;
                left += e.Direction == CrossingDirection.RightToLeft ? 1 : 0;
            }
            if (i < messages.FindLastIndex(m => m.Kind == MessageKind.Result))
            {
                Assert.Equal(present, result.Objects!.Count);
                Assert.Equal(inside, result.Zones!["left"].Count);
                Assert.Equal(inside, result.Zones["left"].Classes.GetValueOrDefault("person"));
            }
            Assert.Equal(new LineCount(right, left), result.Lines!["middle"]);
        }
        Assert.True(right + left > 0);

        long[] Ids(ObjectEventKind kind) => [.. events.Where(e => e.Event == kind).Select(e => e.Id).Order()];
    }

    [Fact]
    public void Run_SameFramesTwice_GiveTheSameEvents()
    {
        IReadOnlyList<Detection>[] film = SceneFilm.Of(new GeneratedSceneOptions { Objects = 10, Frames = 150, Seed = 5 });
        string[] one = Tell(Run(film, zones: [LeftHalf], lines: [Middle], workers: 1));
        string[] other = Tell(Run(film, zones: [LeftHalf], lines: [Middle], workers: 3));
        Assert.NotEmpty(one);
        Assert.Equal(one, other);

        static string[] Tell(List<Message> messages) => [.. messages.Where(m => m.Kind == MessageKind.Event).Select(m => m.Event)
            .Select(e => $"{e.Event} {e.Id} {e.Sequence} {e.Zone} {e.Line} {e.Direction} {e.DwellSeconds} {e.Object.Box} {string.Join(' ', e.Object.Path.Select(p => $"{p[0]},{p[1]}"))}")];
    }

    [Fact]
    public void Run_PerfectDetector_EveryObjectHasOneNumberAndItsBoxesCarryIt()
    {
        var options = new GeneratedSceneOptions { Objects = 1, Frames = 120, Missed = 0, False = 0, Jitter = 0, DropOut = 0 };
        int truth = GeneratedScene.Make(options).SelectMany(frame => frame.Truth).Select(t => t.Id).Distinct().Count();
        List<Message> messages = Run(SceneFilm.Of(options));
        Assert.Equal(truth, messages.Count(m => m.Kind == MessageKind.Event && m.Event.Event == ObjectEventKind.Start));
        DetectionResult[] results = [.. messages.Where(m => m.Kind == MessageKind.Result).Select(m => m.Detections)];
        Assert.Equal(120, results.Length);
        Assert.True(results.Count(r => r.Detections.All(d => d.Track > 0)) >= 120 - (2 * truth));
    }

    [Fact]
    public void Run_WeakBoxes_KeepAnObjectAliveButAreNotTold()
    {
        Detection At(int frame, float score) => new(50 + frame, 100, 90 + frame, 160, 0, score);
        List<Message> messages = Run([.. Enumerable.Range(0, 60).Select(i => (IReadOnlyList<Detection>)[At(i, i is > 20 and < 40 ? 0.2f : 0.9f)])]);
        DetectionResult[] results = [.. messages.Where(m => m.Kind == MessageKind.Result).Select(m => m.Detections)];
        Assert.Empty(results[30].Detections);
        Assert.Equal(1, results[30].Objects!.Count);
        Assert.Single(messages, m => m.Kind == MessageKind.Event && m.Event.Event == ObjectEventKind.Start);
    }

    [Fact]
    public void Run_FiltersPerClassAndZone_OnlyAdmittedObjectsAreTold()
    {
        // A person, a small car, a large car; all stay where they are.
        IReadOnlyList<Detection> still = [new(20, 40, 60, 140, 0, 0.9f), new(140, 20, 160, 40, 1, 0.9f), new(100, 120, 220, 240, 1, 0.8f)];
        var track = new TrackConfig { Filters = [new FilterConfig { Classes = ["person"], MinScore = 0.6 }, new FilterConfig { Classes = ["car"], MinArea = 0.05 }] };
        ZoneConfig all = new() { Name = "all", Points = [[0, 0], [1, 0], [1, 1], [0, 1]], Filters = [new FilterConfig { Classes = ["car"] }], LoiterSeconds = 2 };
        ObjectEvent[] events = [.. Run([.. Enumerable.Repeat(still, 60)], track, [all]).Where(m => m.Kind == MessageKind.Event).Select(m => m.Event)];
        Assert.Equal(["person", "car"], events.Where(e => e.Event == ObjectEventKind.Start).Select(e => e.Object.Label));
        ObjectEvent enter = Assert.Single(events, e => e.Event == ObjectEventKind.ZoneEnter);
        Assert.Equal((1, "all", 0.8f), (enter.Object.Index, enter.Zone, enter.Object.Score));
        ObjectEvent loiter = Assert.Single(events, e => e.Event == ObjectEventKind.Loiter);
        Assert.InRange(loiter.DwellSeconds, 2, 2.1);
        Assert.Equal(["all"], loiter.Object.Zones);
    }

    [Fact]
    public void Swap_WhileObjectsAreFollowed_TheyKeepTheirNumbersUnlessTheClassesChange()
    {
        IReadOnlyList<Detection> still = [new(20, 40, 60, 140, 0, 0.9f)];
        string same = SceneFilm.WritePackage(_model, "same");
        string others = SceneFilm.WritePackage(_model, "others", ["cat", "dog", "bird"]);
        using var sink = new RecordingSink();
        string path = _model.Folder["swap.raw"];
        SceneFilm.Write(path, [still, still]);
        PipelineConfig config = Config(path, new TrackConfig()) with { Source = Source(path) with { Loop = true, FramesPerSecond = 200 } };
        using var pipeline = new Pipeline(config, 1, [sink], new FirstResult());
        var loader = new ModelLoader(new ModelStore());
        loader.Load(Device(config), pipeline, config.Package, fresh: false);
        pipeline.Start();
        Wait.Until(() => Starts(sink) == 1, "an object");
        loader.Load(Device(config), pipeline, same, fresh: true);
        long before = pipeline.Stats.Results;
        Wait.Until(() => pipeline.Stats.Results > before + 10, "frames of the second model");
        Assert.Equal(1, Starts(sink));
        loader.Load(Device(config), pipeline, others, fresh: true);
        Wait.Until(() => Starts(sink) == 2, "an object of the third model");
        ObjectEvent[] events = [.. sink.Messages.Where(m => m.Kind == MessageKind.Event).Select(m => m.Event).Where(e => e.Event is ObjectEventKind.Start or ObjectEventKind.End)];
        Assert.Equal([(ObjectEventKind.Start, "person"), (ObjectEventKind.End, "person"), (ObjectEventKind.Start, "cat")], events.Select(e => (e.Event, e.Object.Label!)));

        static int Starts(RecordingSink sink) => sink.Messages.Count(m => m.Kind == MessageKind.Event && m.Event.Event == ObjectEventKind.Start);
    }

    [Fact]
    public void Tend_SilentCamera_EndsItsObjects()
    {
        byte[] frame = SceneFilm.Draw([new(20, 40, 60, 140, 0, 0.9f)]);
        string pipe = _model.Folder["camera.pipe"];
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            made.WaitForExit();
        }
        using var sink = new RecordingSink();
        PipelineConfig config = Config(pipe, new TrackConfig { LostSeconds = 0 }) with { Source = Source(pipe) with { Live = true } };
        using var pipeline = new Pipeline(config, 1, [sink], new FirstResult());
        new ModelLoader(new ModelStore()).Load(Device(config), pipeline, config.Package, fresh: false);
        pipeline.Start();
        using FileStream camera = new(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
        Wait.Until(
            () =>
            {
                camera.Write(frame);
                return sink.Messages.Any(m => m.Kind == MessageKind.Event);
            },
            "an object");
        Wait.Until(
            () =>
            {
                pipeline.Tend();
                return sink.Messages.Any(m => m.Kind == MessageKind.Event && m.Event.Event == ObjectEventKind.End);
            },
            Patience,
            () => "the camera is silent, but its object does not end");
        Assert.Equal(0, pipeline.Stats.Scene().Objects);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("outside")]
    [InlineData("classes")]
    public void Run_Snapshots_ShowTheObjectAndHideWhatIsToBeHidden(string blur)
    {
        IReadOnlyList<Detection> still = [new(100, 40, 160, 140, 1, 0.9f), new(180, 60, 240, 160, 0, 0.7f)];
        var snapshot = new SnapshotConfig { Blur = blur, Classes = blur == "classes" ? ["person"] : [], Quality = 95 };
        List<Message> messages = Run([.. Enumerable.Repeat(still, 5)], snapshot: snapshot);
        byte[] jpeg = Assert.Single(messages, m => m.Kind == MessageKind.Snapshot).Bytes;
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        decoder.Decode(jpeg, pixels, new DecodeOptions(PixelFormat.Rgb24));
        Assert.Equal((SceneFilm.Side, SceneFilm.Side), (pixels.Width, pixels.Height));
        // The inside of the object's box is as sharp as it was; so is the other object unless it is to be hidden.
        Assert.True(Contrast(pixels, 110, 60) > 100);
        Assert.Equal(blur == "none", Contrast(pixels, 200, 100) > 100);
        Color color = Color.OfClass(1);
        ReadOnlySpan<byte> edge = pixels.Row(90).Slice(3 * 100, 3);
        Assert.True(Math.Abs(edge[0] - color.Red) + Math.Abs(edge[1] - color.Green) + Math.Abs(edge[2] - color.Blue) < 150, $"{edge[0]} {edge[1]} {edge[2]} is not {color}");

        static int Contrast(PixelBuffer pixels, int left, int row)
        {
            ReadOnlySpan<byte> part = pixels.Row(row).Slice(3 * left, 60);
            int least = 255, most = 0;
            foreach (byte level in part)
            {
                (least, most) = (Math.Min(least, level), Math.Max(most, level));
            }
            return most - least;
        }
    }

    [Fact]
    public void Run_Tracking_AllocatesNothingAFrame()
    {
        string path = _model.Folder["still.raw"];
        SceneFilm.Write(path, Enumerable.Repeat<IReadOnlyList<Detection>>([new(20, 40, 60, 140, 0, 0.9f), new(120, 40, 160, 140, 1, 0.8f)], 20));
        using var sink = new RecordingSink { IsDeaf = true };
        PipelineConfig config = Config(path, new TrackConfig { UpdateSeconds = 0 }, [LeftHalf], [Middle]) with { Source = Source(path) with { Loop = true } };
        using var pipeline = new Pipeline(config, 1, [sink], new FirstResult());
        new ModelLoader(new ModelStore()).Load(Device(config), pipeline, config.Package, fresh: false);
        pipeline.Start();
        Wait.Until(() => pipeline.Stats.Results > 2000, Patience, () => $"{pipeline.Stats.Results} results");
        pipeline.Stop();
        Assert.True(pipeline.Join(Patience));
        Assert.Equal(0, pipeline.AllocatedBytesPerFrame());
    }

    [Fact]
    public void Load_ClassThatTheModelDoesNotHave_IsNamedWithTheNearest()
    {
        PipelineConfig config = Config("none", new TrackConfig { Filters = [new FilterConfig { Classes = ["persn"] }] });
        using var pipeline = new Pipeline(config, 1, [], new FirstResult());
        ConfigException e = Assert.Throws<ConfigException>(() => new ModelLoader(new ModelStore()).Load(Device(config), pipeline, config.Package, fresh: false));
        Assert.Equal("light: track.filters[0].classes[0]: the model has no class \"persn\": did you mean \"person\"?", e.Message);
        PipelineConfig classifier = config with { Package = _model.Package, Track = new TrackConfig() };
        using var other = new Pipeline(classifier, 1, [], new FirstResult());
        e = Assert.Throws<ConfigException>(() => new ModelLoader(new ModelStore()).Load(Device(classifier), other, classifier.Package, fresh: false));
        Assert.Contains("only a detector's objects can be followed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OverARealBroker_EventsAndSnapshotsArriveOnTheirTopics()
    {
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        SceneFilm.WritePackage(_model);
        SceneFilm.Write(_model.Folder["film.raw"], SceneFilm.Of(new GeneratedSceneOptions { Objects = 3, Frames = 90 }));
        string config = _model.Folder["scene.json"];
        File.WriteAllText(config, $$"""
            {
              "device": "kitchen", "broker": { "host": "127.0.0.1", "port": {{broker.Port}} }, "trustedKeys": ["maker.key.pub"],
              "pipelines": [{
                "name": "door", "package": "scene.edgepkg", "source": { "type": "raw", "path": "film.raw", {{SceneFilm.Settings}} },
                "sinks": [{ "type": "mqtt" }, { "type": "file", "path": "events.jsonl", "content": "events" }],
                "zones": [{ "name": "left", "points": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]], "filters": [{ "classes": ["person"] }] }],
                "snapshot": { "on": ["start"], "blur": "outside", "intervalSeconds": 0 }
              }]
            }
            """);
        (int exitCode, string output, string errors) = RuntimeProcess.Run("check", "--config", config);
        Assert.True(exitCode == 0, output + errors);
        using Process events = broker.StartSubscriber("-t", "edge/kitchen/door/event", "-q", "1", "-W", "20");
        using Process snapshots = broker.StartSubscriber("-t", "edge/kitchen/door/snapshot", "-q", "1", "-W", "20", "-F", "%x");
        Task<string> toldEvents = events.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> toldSnapshots = snapshots.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        broker.WaitForLog("Sending SUBACK", times: 2);
        string stats = _model.Folder["scene.stats.json"];
        (exitCode, _, errors) = RuntimeProcess.Run("run", "--config", config, "--stats", stats);
        Assert.True(exitCode == 0, errors);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(stats));
        JsonElement scene = json.RootElement.GetProperty("pipelines")[0].GetProperty("scene");
        string[] lines = File.ReadAllLines(_model.Folder["events.jsonl"]);
        int starts = lines.Count(line => ObjectEvent.Parse(Encoding.UTF8.GetBytes(line)).Event == ObjectEventKind.Start);
        Assert.True(starts >= 3);
        Assert.Equal((lines.Length, 0), (scene.GetProperty("events").GetInt32(), scene.GetProperty("lostEvents").GetInt32()));
        Assert.Equal((starts, 0), (scene.GetProperty("snapshots").GetInt32(), scene.GetProperty("lostSnapshots").GetInt32()));
        broker.Kill();
        events.Kill();
        snapshots.Kill();
        // What the connection adds to a message for delivery stands behind everything else.
        Assert.All((await toldEvents).Split('\n', StringSplitOptions.RemoveEmptyEntries).Zip(lines), pair => Assert.StartsWith(pair.Second[..^1], pair.First, StringComparison.Ordinal));
        Assert.Equal(lines.Length, (await toldEvents).Count(c => c == '\n'));
        string[] pictures = (await toldSnapshots).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(starts, pictures.Length);
        Assert.All(pictures, hex => Assert.StartsWith("ffd8ff", hex, StringComparison.OrdinalIgnoreCase));
    }

    private List<Message> Run(IReadOnlyList<Detection>[] film, TrackConfig? track = null, ZoneConfig[]? zones = null, LineConfig[]? lines = null, SnapshotConfig? snapshot = null, int workers = 2)
    {
        string path = _model.Folder["film.raw"];
        SceneFilm.Write(path, film);
        using var sink = new RecordingSink();
        PipelineConfig config = Config(path, track ?? new TrackConfig(), zones, lines, snapshot);
        using var pipeline = new Pipeline(config, workers, [sink], new FirstResult());
        new ModelLoader(new ModelStore()).Load(Device(config), pipeline, config.Package, fresh: false);
        pipeline.Start();
        Wait.Until(() => pipeline.HasEnded, Patience, () => $"{pipeline.Stats.Results} results");
        Assert.Equal(film.Length, pipeline.Stats.Results);
        return sink.Messages;
    }

    private PipelineConfig Config(string path, TrackConfig track, ZoneConfig[]? zones = null, LineConfig[]? lines = null, SnapshotConfig? snapshot = null) => new()
    {
        Name = "light",
        Package = SceneFilm.WritePackage(_model),
        Source = Source(path),
        Track = track,
        Zones = zones ?? [],
        Lines = lines ?? [],
        Snapshot = snapshot,
    };

    private static SourceConfig Source(string path) => new() { Type = "raw", Path = path, Format = "grey", Width = SceneFilm.Side, Height = SceneFilm.Side };

    private RuntimeConfig Device(PipelineConfig pipeline) => new() { Device = "kitchen", TrustedKeys = [_model.Key], Pipelines = [pipeline], Providers = ["cpu"] };

    private sealed record Message(MessageKind Kind, byte[] Bytes)
    {
        internal ObjectEvent Event => ObjectEvent.Parse(Bytes);

        internal DetectionResult Detections => DetectionResult.Parse(Bytes);
    }

    private sealed class RecordingSink : IResultSink
    {
        private readonly List<Message> _messages = [];

        public string Name => "memory";

        internal bool IsDeaf { get; init; }

        internal List<Message> Messages
        {
            get
            {
                lock (_messages)
                {
                    return [.. _messages];
                }
            }
        }

        public bool Write(MessageKind kind, ReadOnlySpan<byte> message)
        {
            if (!IsDeaf)
            {
                lock (_messages)
                {
                    _messages.Add(new Message(kind, message.ToArray()));
                }
            }
            return true;
        }

        public void Dispose()
        {
        }
    }
}
