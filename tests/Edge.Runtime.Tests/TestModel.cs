using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Imaging;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>
/// A package that tells dark, mid and bright 8×8 grey images apart (one Gemm over the mean), signed by a key made for the
/// test, and folders of images for it.
/// </summary>
internal sealed class TestModel : IDisposable
{
    internal const int Side = 8;

    internal static readonly string[] Labels = ["dark", "mid", "bright"];

    private readonly TemporaryFolder _folder = new();

    internal TestModel()
    {
        using SigningKey key = SigningKey.Generate();
        key.Save(_folder["maker.key"]);
        using SigningKey other = SigningKey.Generate();
        other.Save(_folder["other.key"]);
        PackageWriter.Write(Package, Manifest(), [PackageContent.Model(Model().ToBytes()), PackageContent.Labels(Labels)], key);
    }

    internal TemporaryFolder Folder => _folder;

    internal string Package => _folder["brightness-1.2.0.edgepkg"];

    internal string Key => _folder["maker.key.pub"];

    internal string OtherKey => _folder["other.key.pub"];

    /// <summary>Writes a folder of images whose classes are dark, mid, bright, dark, …</summary>
    internal string WriteImages(string name, int count, string extension = ".png")
    {
        string folder = Directory.CreateDirectory(_folder[name]).FullName;
        for (int i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{i:0000}{extension}"), Image((byte)(i % 3 * 127), extension));
        }
        return folder;
    }

    /// <summary>The bytes of an image of one grey.</summary>
    internal static byte[] Image(byte grey, string extension = ".png")
    {
        using var pixels = new PixelBuffer();
        pixels.Resize(Side, Side, PixelFormat.Grey8);
        pixels.Pixels.Fill(grey);
        using var encoder = new ImageEncoder();
        return (extension == ".png" ? encoder.EncodePng(pixels) : encoder.EncodeJpeg(pixels)).ToArray();
    }

    /// <summary>Writes a configuration of one pipeline.</summary>
    internal string WriteConfig(int port, string images, string source = "", string pipeline = "")
    {
        string path = _folder["edge-runtime.json"];
        File.WriteAllText(path, $$"""
            {
              "device": "kitchen",
              "broker": { "host": "127.0.0.1", "port": {{port}} },
              "trustedKeys": ["maker.key.pub"],
              "pipelines": [
                { "name": "light", "package": "{{Path.GetFileName(Package)}}", "source": { "type": "folder", "path": "{{images}}"{{source}} }{{pipeline}} }
              ]
            }
            """);
        return path;
    }

    /// <summary>Writes another package of the same model.</summary>
    /// <param name="name">The file's name without its ending.</param>
    /// <param name="release">The release number.</param>
    /// <param name="goldenOffset">How far the golden output is off; null for a package without golden inputs.</param>
    /// <param name="fragile">Whether the model fails on white images: it looks up a place that is not there.</param>
    /// <param name="reference">What drift is measured against.</param>
    /// <param name="labels">What the classes are called.</param>
    internal string WritePackage(string name, long release, float? goldenOffset = null, bool fragile = false, ReferenceHistogram? reference = null, IReadOnlyList<string>? labels = null)
    {
        string path = _folder[$"{name}.edgepkg"];
        Manifest manifest = Manifest(release) with { Reference = reference };
        List<PackageContent> contents = [PackageContent.Model(Model(fragile).ToBytes()), PackageContent.Labels(labels ?? Labels)];
        if (goldenOffset is { } offset)
        {
            float[] input = [.. Enumerable.Repeat(0f, Side * Side)];
            float[] output = [10 + offset, 5, -10];
            manifest = manifest with { Golden = new GoldenSpec { Cases = [new GoldenCase { Input = "golden/0.input", Output = "golden/0.output" }] } };
            contents.Add(new PackageContent("golden/0.input", MemoryMarshal.AsBytes<float>(input).ToArray()));
            contents.Add(new PackageContent("golden/0.output", MemoryMarshal.AsBytes<float>(output).ToArray()));
        }
        using SigningKey key = SigningKey.Load(_folder["maker.key"]);
        PackageWriter.Write(path, manifest, contents, key);
        return path;
    }

    /// <summary>Writes a package of a real detector, YOLOX-nano from the shared data; the test is skipped where that is absent.</summary>
    internal string WriteDetector()
    {
        byte[] model = File.ReadAllBytes(SharedData.Path("models", "yolox-nano", "yolox_nano_416x416.onnx"));
        string path = _folder["detector.edgepkg"];
        var manifest = new Manifest
        {
            Name = "yolox-nano",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Detect,
            Input = new InputSpec { Width = 416, Height = 416, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft },
            Output = new OutputSpec { Family = OutputSpec.YoloX, Threshold = 0.3f, IouThreshold = 0.45f },
        };
        using SigningKey key = SigningKey.Load(_folder["maker.key"]);
        PackageWriter.Write(path, manifest, [PackageContent.Model(model), PackageContent.Labels(Enumerable.Range(0, 80).Select(i => $"class {i}"))], key);
        return path;
    }

    public void Dispose() => _folder.Dispose();

    private static Manifest Manifest(long release = 12) => new()
    {
        Name = "brightness",
        Version = $"1.{release - 10}.0",
        Release = release,
        Task = ModelTask.Classify,
        Input = new InputSpec { Width = Side, Height = Side, Channels = 1, ColorOrder = ColorOrder.Grey },
        Output = new OutputSpec { Family = OutputSpec.Classifier },
    };

    private static OnnxModel Model(bool fragile = false)
    {
        const int Pixels = Side * Side;
        var graph = new OnnxGraph("brightness");
        Value input = graph.AddInput("image", ElementType.Float, TensorShape.Of([1, 1, Side, Side]));
        float[] weights = new float[Pixels * 3];
        for (int i = 0; i < Pixels; i++)
        {
            weights[i * 3] = -20f / Pixels;
            weights[(i * 3) + 2] = 20f / Pixels;
        }
        Value w = graph.AddInitializer("w", OnnxTensor.From<float>(weights, Pixels, 3));
        Value b = graph.AddInitializer("b", OnnxTensor.From<float>([10f, 5f, -10f], 3));
        Node flat = graph.AddNode("Flatten", [fragile ? Fragile(graph, input) : input], ["flat"]);
        Node scores = graph.AddNode("Gemm", [flat.Outputs[0], w, b], ["scores"]);
        scores.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, 3]));
        graph.AddOutput(scores.Outputs[0]!);
        return new OnnxModel(graph);
    }

    /// <summary>Adds nothing to the image, looked up at the place that is the mean in tenths of 0.5: one table has no such place for white.</summary>
    private static Value Fragile(OnnxGraph graph, Value input)
    {
        Value two = graph.AddInitializer("two", OnnxTensor.From<float>([2f], 1));
        Value table = graph.AddInitializer("table", OnnxTensor.From<float>([0f, 0f], 2));
        Node mean = graph.AddNode("GlobalAveragePool", [input], ["mean"]);
        Node place = graph.AddNode("Mul", [mean.Outputs[0], two], ["place"]);
        Node index = graph.AddNode("Cast", [place.Outputs[0]], ["index"]);
        index.Attributes.Set("to", 7L);
        Node looked = graph.AddNode("Gather", [table, index.Outputs[0]], ["looked"]);
        Node sum = graph.AddNode("Add", [input, looked.Outputs[0]], ["sum"]);
        return sum.Outputs[0]!;
    }
}
