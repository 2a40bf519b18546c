using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;
using Edge.Runtime.Sinks;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>Models that give numbers which are none, everything at once, or classes without a name; pictures without a size.</summary>
public sealed class HostileModelTests(TestModelFixture fixture) : IClassFixture<TestModelFixture>
{
    private const int Side = 24;
    private const int Boxes = Side * Side / 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestModel _model = fixture.Model;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_OutputsThatAreNoNumbers_GiveBoxesInsideThePictureAndEventsThatBalance(ulong seed)
    {
        var random = new SplitMix64(seed);
        string path = _model.Folder[$"hostile-{seed}.raw"];
        byte[] frames = new byte[Side * Side * 60];
        for (int i = 0; i < frames.Length; i++)
        {
            // Runs of one level beside noise: every box the same, and no two.
            frames[i] = (byte)(i / Side / Side % 3 == 0 ? 128 + (i / Side / Side) : random.Below(256));
        }
        File.WriteAllBytes(path, frames);
        var sink = new Messages();
        var config = new PipelineConfig
        {
            Name = "light",
            Package = Package(),
            Source = new SourceConfig { Type = "raw", Path = path, Format = "grey", Width = Side, Height = Side },
            Threshold = 0,
            Track = new TrackConfig { MaximumObjects = 20, UpdateSeconds = 0.1 },
            Zones =
            [
                new ZoneConfig { Name = "outside", Points = [[1.5, 1.5], [2, 1.5], [2, 2]] },
                new ZoneConfig { Name = "flat", Points = [[0.5, 0], [0.5, 1], [0.5, 0.5]], Anchor = "centre" },
                new ZoneConfig { Name = "around", Points = [[-1, -1], [2, -1], [2, 2], [-1, 2]] },
            ],
            Lines = [new LineConfig { Name = "outside too", From = [-1, -1], To = [-0.5, 2] }],
            Snapshot = new SnapshotConfig { On = ["start", "update"], Blur = "outside", IntervalSeconds = 0 },
        };
        using var pipeline = new Pipeline(config, 2, [sink], new FirstResult());
        var device = new RuntimeConfig { Device = "kitchen", TrustedKeys = [_model.Key], Pipelines = [config], Providers = ["cpu"] };
        new ModelLoader(new ModelStore()).Load(device, pipeline, config.Package, fresh: false);
        pipeline.Start();
        Wait.Until(() => pipeline.HasEnded, Patience, () => $"{pipeline.Stats.Results} results");
        Assert.Equal((60, 0, 0), (pipeline.Stats.Results, pipeline.Stats.ModelFailures, pipeline.Stats.Spoilt));
        Assert.Equal(60, sink.Results.Count);
        foreach (DetectionResult result in sink.Results)
        {
            Assert.InRange(result.Objects!.Count, 0, 20);
            Assert.Equal(0, result.Zones!["outside"].Count);
            Assert.Equal(new LineCount(0, 0), result.Lines!["outside too"]);
            Assert.InRange(result.Detections.Count, 0, Boxes);
            foreach (DetectedObject found in result.Detections)
            {
                Assert.InRange(found.Score, 0, 1);
                Assert.InRange(found.Box.Left, 0, found.Box.Right);
                Assert.InRange(found.Box.Right, found.Box.Left, Side);
                Assert.InRange(found.Box.Top, 0, found.Box.Bottom);
                Assert.InRange(found.Box.Bottom, found.Box.Top, Side);
                // One label only: the other classes are called by their numbers.
                Assert.Equal(found.Index == 0 ? "only" : found.Index.ToString(System.Globalization.CultureInfo.InvariantCulture), found.Label);
            }
        }
        Assert.Contains(sink.Results, result => result.Detections.Count > 0);
        Assert.Equal(sink.Events.Count(e => e.Event == ObjectEventKind.Start), sink.Events.Count(e => e.Event == ObjectEventKind.End));
    }

    [Fact]
    public void Run_PicturesWithoutASize_AreSkipped()
    {
        string folder = Directory.CreateDirectory(_model.Folder["sizeless"]).FullName;
        byte[] png = TestModel.Image(9), jpeg = TestModel.Image(9, ".jpg");
        // The width of a PNG stands behind its signature and the length and name of its first chunk.
        png.AsSpan(16, 4).Clear();
        // The height of a JPEG stands behind the marker, length and precision of its frame header.
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]);
        jpeg.AsSpan(frame + 5, 2).Clear();
        File.WriteAllBytes($"{folder}/a.png", png);
        File.WriteAllBytes($"{folder}/b.jpg", jpeg);
        File.WriteAllBytes($"{folder}/c.png", TestModel.Image(9));
        var config = new PipelineConfig { Name = "light", Package = _model.Package, Source = new SourceConfig { Type = "folder", Path = folder } };
        using var pipeline = new Pipeline(config, 1, [], new FirstResult());
        var device = new RuntimeConfig { Device = "kitchen", TrustedKeys = [_model.Key], Pipelines = [config], Providers = ["cpu"] };
        new ModelLoader(new ModelStore()).Load(device, pipeline, config.Package, fresh: false);
        pipeline.Start();
        Wait.Until(() => pipeline.HasEnded, Patience, () => $"{pipeline.Stats.Results} results");
        Assert.Equal((1, 2), (pipeline.Stats.Results, pipeline.Stats.Spoilt));
    }

    /// <summary>A YOLOv5 of 3 classes whose numbers are logarithms and exponentials of levels: no numbers, infinities and all between.</summary>
    private string Package()
    {
        var graph = new OnnxGraph("hostile");
        Value input = graph.AddInput("image", ElementType.Float, TensorShape.Of([1, 1, Side, Side]));
        Value middle = graph.AddInitializer("middle", OnnxTensor.From<float>([128f], 1));
        Value shape = graph.AddInitializer("shape", OnnxTensor.From<long>([1, Side * Side / 8, 8], 3));
        Node shifted = graph.AddNode("Sub", [input, middle], ["shifted"]);
        Node logarithm = graph.AddNode("Log", [shifted.Outputs[0]], ["logarithm"]);
        Node power = graph.AddNode("Exp", [shifted.Outputs[0]], ["power"]);
        Node sum = graph.AddNode("Add", [logarithm.Outputs[0], power.Outputs[0]], ["sum"]);
        Node scaled = graph.AddNode("Div", [sum.Outputs[0], middle], ["scaled"]);
        Node rows = graph.AddNode("Reshape", [scaled.Outputs[0], shape], ["rows"]);
        rows.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, Side * Side / 8, 8]));
        graph.AddOutput(rows.Outputs[0]!);
        var manifest = new Manifest
        {
            Name = "hostile",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Detect,
            Input = new InputSpec { Width = Side, Height = Side, Channels = 1, ColorOrder = ColorOrder.Grey, Scale = 1 },
            Output = new OutputSpec { Family = OutputSpec.YoloV5, Threshold = 0.5f },
        };
        string path = _model.Folder["hostile.edgepkg"];
        using SigningKey key = SigningKey.Load(_model.Folder["maker.key"]);
        PackageWriter.Write(path, manifest, [PackageContent.Model(new OnnxModel(graph).ToBytes()), PackageContent.Labels(["only"])], key);
        return path;
    }

    private sealed class Messages : IResultSink
    {
        internal List<DetectionResult> Results { get; } = [];

        internal List<ObjectEvent> Events { get; } = [];

        public string Name => "memory";

        public bool Write(MessageKind kind, ReadOnlySpan<byte> message)
        {
            if (kind == MessageKind.Result)
            {
                Results.Add(DetectionResult.Parse(message));
            }
            else if (kind == MessageKind.Event)
            {
                Events.Add(ObjectEvent.Parse(message));
            }
            return true;
        }

        public void Dispose()
        {
        }
    }
}
