using Edge.Packages;
using Edge.Scenes;
using Edge.Testing;

namespace Edge.Inference.Tests.Detectors;

public sealed class ReferenceTests
{
    private const float Threshold = 0.3f;

    // No box is suppressed: where two overlapping boxes are nearly equally sure, a rounding decides which of them stays.
    private const float Overlap = 1;

    [Fact]
    public void Run_YoloXNanoOnPhotos_FindsWhatTheReferenceFinds() => Compare(
        SharedData.Path("models", "yolox-nano", "yolox_nano_416x416.onnx"), OutputSpec.YoloX, isYoloX: true,
        new InputSpec { Width = 416, Height = 416, Channels = 3, ColorOrder = ColorOrder.Bgr, Scale = 1, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft });

    [Fact]
    public void Run_FastestDetOnPhotos_FindsWhatTheReferenceFinds() => Compare(
        SharedData.Path("models", "fastestdet", "FastestDet.onnx"), OutputSpec.FastestDet, isYoloX: false,
        new InputSpec { Width = 352, Height = 352, Channels = 3, ColorOrder = ColorOrder.Bgr });

    private static void Compare(string model, string family, bool isYoloX, InputSpec input)
    {
        Package package = TestPackage.Classifier(
            File.ReadAllBytes(model), input, new OutputSpec { Family = family, Threshold = Threshold, IouThreshold = Overlap, MaxDetections = 1000 },
            [.. Enumerable.Range(0, 80).Select(i => $"class {i}")], ModelTask.Detect);
        using VisionModel vision = VisionModel.Open(package, new SessionSettings { Threads = 1 });
        using VisionRunner runner = vision.CreateRunner();
        using var reference = new ReferenceDetector(model, input.Width, isYoloX);
        int found = 0, otherClass = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Path("images", "coco-eval"), "*.jpg").Order(StringComparer.Ordinal))
        {
            byte[] picture = File.ReadAllBytes(file);
            Detection[] device = runner.Run(picture).Detections.ToArray();
            Detection[] expected = [.. reference.Detect(picture, Threshold, Overlap)];
            foreach ((Detection[] these, Detection[] those, string side) in ((Detection[], Detection[], string)[])[(device, expected, "device"), (expected, device, "reference")])
            {
                foreach (Detection box in these)
                {
                    // A score on the threshold may fall on either side of it.
                    IEnumerable<Detection> same = those.Where(other => IsSame(box, other));
                    Assert.True(same.Any() || box.Score < Threshold + 0.01f, $"{Path.GetFileName(file)}: only the {side} finds {box}");
                    otherClass += same.Any() && same.All(other => other.Class != box.Class) ? 1 : 0;
                }
            }
            found += device.Length;
        }
        // Two classes of a box may be as sure as each other, but not often.
        Assert.True(otherClass * 20 <= found, $"{otherClass} of {found} boxes have another class");
        Assert.True(found > 10, $"only {found} boxes in all photos");
    }

    private static bool IsSame(Detection a, Detection b) =>
        Math.Abs(a.Score - b.Score) <= 0.01f
        && Math.Abs(a.Left - b.Left) <= 1 && Math.Abs(a.Top - b.Top) <= 1 && Math.Abs(a.Right - b.Right) <= 1 && Math.Abs(a.Bottom - b.Bottom) <= 1;
}
