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

    public void Dispose() => _folder.Dispose();

    private static Manifest Manifest() => new()
    {
        Name = "brightness",
        Version = "1.2.0",
        Release = 12,
        Task = ModelTask.Classify,
        Input = new InputSpec { Width = Side, Height = Side, Channels = 1, ColorOrder = ColorOrder.Grey },
        Output = new OutputSpec { Family = OutputSpec.Classifier },
    };

    private static OnnxModel Model()
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
        Node flat = graph.AddNode("Flatten", [input], ["flat"]);
        Node scores = graph.AddNode("Gemm", [flat.Outputs[0], w, b], ["scores"]);
        scores.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, 3]));
        graph.AddOutput(scores.Outputs[0]!);
        return new OnnxModel(graph);
    }
}
