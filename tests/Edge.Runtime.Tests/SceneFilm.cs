using Edge.Graph;
using Edge.Inference;
using Edge.Packages;
using Edge.Scenes;

namespace Edge.Runtime.Tests;

/// <summary>
/// A generated scene as raw grey frames, and a detector that sees exactly what the scene's own detector did: the boxes stand in
/// the first columns of the picture, one a row, each number in two levels. The objects are drawn beside them.
/// </summary>
internal static class SceneFilm
{
    internal const int Side = 256;
    internal const int Rows = 64;
    internal const string Settings = "\"format\": \"grey\", \"width\": 256, \"height\": 256";
    private const int Columns = 12;
    private const int Scale = 65535;

    internal static readonly string[] Labels = ["person", "car", "face"];

    /// <summary>Writes the detector's package beside the test model's, signed by its key.</summary>
    internal static string WritePackage(TestModel model, string name = "scene", IReadOnlyList<string>? labels = null)
    {
        var graph = new OnnxGraph("scene");
        Value input = graph.AddInput("image", ElementType.Float, TensorShape.Of([1, 1, Side, Side]));
        Value starts = graph.AddInitializer("starts", OnnxTensor.From<long>([0, 0], 2));
        Value ends = graph.AddInitializer("ends", OnnxTensor.From<long>([Rows, Columns], 2));
        Value axes = graph.AddInitializer("axes", OnnxTensor.From<long>([2, 3], 2));
        Value shape = graph.AddInitializer("shape", OnnxTensor.From<long>([1, Rows, Columns], 3));
        float[] weights = new float[Columns * 6];
        for (int i = 0; i < 6; i++)
        {
            float unit = i < 4 ? (float)Side / Scale : i == 4 ? 1f / Scale : 1;
            weights[(2 * i * 6) + i] = 256 * unit;
            weights[(((2 * i) + 1) * 6) + i] = unit;
        }
        Value w = graph.AddInitializer("w", OnnxTensor.From<float>(weights, Columns, 6));
        Node sliced = graph.AddNode("Slice", [input, starts, ends, axes], ["sliced"]);
        Node rows = graph.AddNode("Reshape", [sliced.Outputs[0], shape], ["rows"]);
        Node boxes = graph.AddNode("MatMul", [rows.Outputs[0], w], ["boxes"]);
        boxes.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of([1, Rows, 6]));
        graph.AddOutput(boxes.Outputs[0]!);
        var manifest = new Manifest
        {
            Name = "scene",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Detect,
            Input = new InputSpec { Width = Side, Height = Side, Channels = 1, ColorOrder = ColorOrder.Grey, Scale = 1 },
            Output = new OutputSpec { Family = "yolov10", Threshold = 0.5f },
        };
        string path = model.Folder[$"{name}.edgepkg"];
        using SigningKey key = SigningKey.Load(model.Folder["maker.key"]);
        PackageWriter.Write(path, manifest, [PackageContent.Model(new OnnxModel(graph).ToBytes()), PackageContent.Labels(labels ?? Labels)], key);
        return path;
    }

    /// <summary>Writes frames one behind the other.</summary>
    internal static void Write(string path, IEnumerable<IReadOnlyList<Detection>> frames)
    {
        using FileStream file = File.Create(path);
        foreach (IReadOnlyList<Detection> frame in frames)
        {
            file.Write(Draw(frame));
        }
    }

    /// <summary>A generated scene's detections in this picture's pixels.</summary>
    internal static IReadOnlyList<Detection>[] Of(GeneratedSceneOptions options)
    {
        float shrink = (float)Side / options.Size;
        return [.. GeneratedScene.Make(options).Select(frame => (IReadOnlyList<Detection>)[.. frame.Detections
            .Select(d => new Detection(Clip(d.Left * shrink), Clip(d.Top * shrink), Clip(d.Right * shrink), Clip(d.Bottom * shrink), d.Class, d.Score))
            .Where(d => d.Width > 0.1 && d.Height > 0.1)])];
    }

    internal static byte[] Draw(IReadOnlyList<Detection> boxes)
    {
        byte[] pixels = new byte[Side * Side];
        for (int i = 0; i < boxes.Count && i < Rows; i++)
        {
            Detection box = boxes[i];
            Span<byte> row = pixels.AsSpan(i * Side);
            Put(row, box.Left / Side * Scale);
            Put(row[2..], box.Top / Side * Scale);
            Put(row[4..], box.Right / Side * Scale);
            Put(row[6..], box.Bottom / Side * Scale);
            Put(row[8..], box.Score * Scale);
            Put(row[10..], box.Class);
        }
        foreach (Detection box in boxes)
        {
            for (int y = (int)box.Top; y < (int)box.Bottom; y++)
            {
                // Stripes, so that what was made unrecognizable can be told from what was not.
                for (int x = Math.Max((int)box.Left, Columns); x < (int)box.Right; x++)
                {
                    pixels[(y * Side) + x] = (byte)((x + y) % 2 == 0 ? 250 : 60);
                }
            }
        }
        return pixels;
    }

    private static float Clip(float value) => Math.Clamp(value, 0, Side);

    private static void Put(Span<byte> row, float value)
    {
        int whole = (int)Math.Clamp(MathF.Round(value), 0, Scale);
        (row[0], row[1]) = ((byte)(whole >> 8), (byte)whole);
    }
}
