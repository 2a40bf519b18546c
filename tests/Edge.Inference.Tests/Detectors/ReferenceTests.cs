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
        int found = 0, different = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Path("images", "coco-eval"), "*.jpg").Order(StringComparer.Ordinal))
        {
            byte[] picture = File.ReadAllBytes(file);
            Detection[] device = runner.Run(picture).Detections.ToArray();
            Detection[] expected = [.. reference.Detect(picture, Threshold, Overlap)];
            foreach ((Detection[] these, Detection[] those, string side) in ((Detection[], Detection[], string)[])[(device, expected, "device"), (expected, device, "reference")])
            {
                foreach (Detection box in these)
                {
                    // A score on the threshold may fall on either side of it, and two classes may be equally likely.
                    Assert.True(box.Score < Threshold + 0.05f || those.Any(other => IsNear(box, other, 3, 0.05f)), $"{Path.GetFileName(file)}: only the {side} finds {box}");
                    different += box.Score < Threshold + 0.01f || those.Any(other => other.Class == box.Class && IsNear(box, other, 1, 0.01f)) ? 0 : 1;
                }
            }
            found += device.Length;
        }
        // Resampling rounds one pixel in a hundred to a neighbouring level; that turns a score here and there by more than 0.01.
        Assert.True(different * 50 <= 2 * found, $"{different} of {2 * found} boxes differ by more than a pixel or 0.01");
        Assert.True(found > 10, $"only {found} boxes in all photos");
    }

    private static bool IsNear(Detection a, Detection b, float pixels, float score) =>
        Math.Abs(a.Score - b.Score) <= score && Math.Abs(a.Left - b.Left) <= pixels && Math.Abs(a.Top - b.Top) <= pixels
        && Math.Abs(a.Right - b.Right) <= pixels && Math.Abs(a.Bottom - b.Bottom) <= pixels;
}
