using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Imaging;
using Edge.Packages;
using Edge.Zoo;

namespace Edge.Inference.Tests;

/// <summary>Small models and packages that the tests build.</summary>
internal static class TestPackage
{
    internal static InputSpec Grey28 { get; } = new() { Width = 28, Height = 28, Channels = 1, ColorOrder = ColorOrder.Grey, Mean = [0.286f], Std = [0.353f] };

    internal static string[] Labels { get; } = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    internal static byte[] ConvNetBytes { get; } = ConvNet.Build(new ZooOptions()).ToBytes();

    internal static Package Classifier(byte[]? model = null, InputSpec? input = null, OutputSpec? output = null, IReadOnlyList<string>? labels = null, ModelTask task = ModelTask.Classify, GoldenSpec? golden = null, params PackageContent[] more)
    {
        var manifest = new Manifest
        {
            Name = "test",
            Version = "1.0.0",
            Release = 1,
            Task = task,
            Input = input ?? Grey28,
            Output = output ?? new OutputSpec { Family = OutputSpec.Classifier, TopK = 3 },
            Golden = golden,
        };
        byte[] bytes = PackageWriter.ToBytes(manifest, [PackageContent.Model(model ?? ConvNetBytes), PackageContent.Labels(labels ?? Labels), .. more]);
        return Package.Read(bytes, "test.edgepkg", PackageTrust.AllowUnsigned);
    }

    /// <summary>A model of one operator: x in, y out.</summary>
    internal static byte[] OneNode(string opType, ElementType type, TensorShape? shape, TensorShape? outputShape = null, ElementType? outputType = null)
    {
        var graph = new OnnxGraph("one");
        Value x = graph.AddInput("x", type, shape);
        Node node = graph.AddNode(opType, [x], ["y"]);
        if (opType == "Cast")
        {
            node.Attributes.Set("to", (long)ElementType.Float);
        }
        Value y = node.Outputs[0]!;
        y.Type = new TensorType(outputType ?? type, outputShape ?? shape);
        graph.AddOutput(y);
        return new OnnxModel(graph).ToBytes();
    }

    internal static byte[][] Images(int width, int height, int seed)
    {
        using var encoder = new ImageEncoder();
        using var pixels = new PixelBuffer();
        pixels.Resize(width, height, PixelFormat.Rgb24);
        new Random(seed).NextBytes(pixels.Pixels);
        return [encoder.EncodePng(pixels).ToArray(), encoder.EncodeJpeg(pixels).ToArray()];
    }

    /// <summary>YOLOX-nano from the shared data, as its authors use it.</summary>
    internal static Package YoloXNano(float threshold = 0.3f)
    {
        byte[] model = File.ReadAllBytes(Edge.Testing.SharedData.Path("models", "yolox-nano", "yolox_nano_416x416.onnx"));
        var input = new InputSpec { Width = 416, Height = 416, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft };
        var output = new OutputSpec { Family = OutputSpec.YoloX, Threshold = threshold, IouThreshold = 0.45f };
        return Classifier(model, input, output, [.. Enumerable.Range(0, 80).Select(i => $"class {i}")], ModelTask.Detect);
    }

    /// <summary>A detector of one operator: its input is its output, <c>[1, anchors, 5 + classes]</c>.</summary>
    internal static (HeadContext Context, ModelSession Session) Identity(int anchors, int width, InputSpec input, OutputSpec output)
    {
        var session = new ModelSession(OneNode("Identity", ElementType.Float, TensorShape.Of(1, anchors, width)));
        return (new HeadContext(input, output, session.Outputs, 0, "test"), session);
    }

    internal static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
