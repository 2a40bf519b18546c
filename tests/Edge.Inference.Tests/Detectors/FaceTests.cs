using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Imaging;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests.Detectors;

/// <summary>
/// Face detectors on photos with people, against boxes that were looked at when they were kept. <c>EDGE_WRITE_GOLDEN</c> names a
/// folder: the boxes are then kept anew, and the photos with them drawn go there to be looked at.
/// </summary>
public sealed class FaceTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "Edge.Inference.Tests", "Golden");

    private static readonly (string Folder, string Photo)[] Photos =
    [
        ("coco-eval", "000000252219"), ("coco-eval", "000000397133"), ("coco-calib", "000000000790"), ("coco-calib", "000000129648"),
        ("coco-calib", "000000256353"), ("coco-calib", "000000442450"), ("coco-calib", "000000475546"), ("coco-calib", "000000547503"),
    ];

    [Fact]
    public void Run_UltraFace_FindsTheFacesThatWereLookedAt() => Compare(
        "ultraface", Path.Combine("ultraface", "version-RFB-320_simplified.onnx"), OutputSpec.UltraFace,
        new InputSpec { Width = 320, Height = 240, Channels = 3, ColorOrder = ColorOrder.Rgb, Scale = 1, Mean = [127, 127, 127], Std = [128, 128, 128] });

    [Fact]
    public void Run_YuNet_FindsTheFacesThatWereLookedAt() => Compare(
        "yunet", Path.Combine("yunet", "yunet_n_320_320.onnx"), OutputSpec.YuNet,
        new InputSpec { Width = 320, Height = 320, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox });

    [Fact]
    public void Run_BlazeFace_FindsTheFacesThatWereLookedAt() => Compare(
        "blazeface", Path.Combine("blazeface", "face_detection_front_128x128_barracuda.onnx"), OutputSpec.BlazeFace,
        new InputSpec { Width = 128, Height = 128, Channels = 3, ColorOrder = ColorOrder.Rgb, Layout = TensorLayout.Nhwc, Scale = 1, Mean = [127.5f, 127.5f, 127.5f], Std = [127.5f, 127.5f, 127.5f], Resize = ResizeMode.Letterbox });

    private static void Compare(string name, string model, string family, InputSpec input)
    {
        Package package = TestPackage.Classifier(
            File.ReadAllBytes(SharedData.Path("models", model)), input, new OutputSpec { Family = family, Threshold = 0.6f }, ["face"], ModelTask.Detect);
        using VisionModel vision = VisionModel.Open(package, new SessionSettings { Threads = 1 });
        using VisionRunner runner = vision.CreateRunner();
        var found = new SortedDictionary<string, double[][]>(StringComparer.Ordinal);
        string? target = Environment.GetEnvironmentVariable("EDGE_WRITE_GOLDEN");
        foreach ((string folder, string photo) in Photos)
        {
            byte[] file = File.ReadAllBytes(SharedData.Path("images", folder, photo + ".jpg"));
            VisionResult result = runner.Run(file);
            found[photo] = [.. result.Detections.ToArray().Select(d => (double[])[d.Left, d.Top, d.Right, d.Bottom, d.Score])];
            if (target is not null)
            {
                Draw(file, result, vision.Labels, Path.Combine(target, $"{name}-{photo}.png"));
            }
        }
        string golden = Path.Combine(Golden, $"{name}.json");
        if (target is not null)
        {
            File.WriteAllText(golden, ToJson(found));
        }
        Dictionary<string, double[][]> expected = JsonSerializer.Deserialize<Dictionary<string, double[][]>>(File.ReadAllBytes(golden))!;
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys);
        foreach ((string photo, double[][] boxes) in expected)
        {
            Assert.True(boxes.Length == found[photo].Length, $"{photo}: {found[photo].Length} faces, not {boxes.Length}");
            for (int i = 0; i < boxes.Length; i++)
            {
                for (int edge = 0; edge < 4; edge++)
                {
                    Assert.Equal(boxes[i][edge], found[photo][i][edge], 1.0);
                }
                Assert.Equal(boxes[i][4], found[photo][i][4], 0.01);
            }
        }
    }

    private static void Draw(byte[] file, VisionResult result, IReadOnlyList<string> labels, string path)
    {
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        decoder.Decode(file, pixels, new DecodeOptions(PixelFormat.Rgb24));
        ResultDrawing.Draw(result, labels, pixels);
        File.WriteAllBytes(path, encoder.EncodePng(pixels).ToArray());
    }

    private static string ToJson(SortedDictionary<string, double[][]> found)
    {
        var json = new StringBuilder("{\n");
        foreach ((string photo, double[][] boxes) in found)
        {
            string rows = string.Join(", ", boxes.Select(box => "[" + string.Join(", ", box.Select((value, i) => Math.Round(value, i < 4 ? 1 : 3).ToString(CultureInfo.InvariantCulture))) + "]"));
            json.Append(CultureInfo.InvariantCulture, $"  \"{photo}\": [{rows}]{(photo == found.Keys.Last() ? "" : ",")}\n");
        }
        return json.Append("}\n").ToString();
    }
}
