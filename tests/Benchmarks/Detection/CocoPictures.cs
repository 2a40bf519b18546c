using Edge.Inference;
using Edge.Packages;
using Edge.Scenes;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Benchmarks.Detection;

/// <summary>Average precision of a detector on annotated photos, through the device's pipeline and through the plain reference.</summary>
/// <param name="data">The photos.</param>
internal sealed class CocoPictures(DetectionDataset data)
{
    // As COCO is evaluated: nearly every box counts, and overlaps are dropped late.
    private const float Threshold = 0.01f;
    private const float Overlap = 0.65f;

    /// <summary>The device's pipeline.</summary>
    internal DetectionMetrics Device(string model, InputSpec input, string family)
    {
        var manifest = new Manifest
        {
            Name = "bench",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Detect,
            Input = input,
            Output = new OutputSpec { Family = family, Threshold = Threshold, IouThreshold = Overlap, MaxDetections = 300 },
        };
        byte[] bytes = PackageWriter.ToBytes(manifest, [PackageContent.Model(File.ReadAllBytes(model)), PackageContent.Labels(data.ClassNames)]);
        using VisionModel vision = VisionModel.Open(Package.Read(bytes, "bench.edgepkg", PackageTrust.AllowUnsigned), new SessionSettings { Threads = 1 });
        using VisionRunner runner = vision.CreateRunner();
        return Evaluate(picture => runner.Run(picture).Detections.ToArray());
    }

    /// <summary>The reference.</summary>
    internal DetectionMetrics Reference(string model, int side, bool isYoloX)
    {
        using var detector = new ReferenceDetector(model, side, isYoloX);
        return Evaluate(picture => detector.Detect(picture, Threshold, Overlap));
    }

    private DetectionMetrics Evaluate(Func<byte[], IReadOnlyList<Inference.Detection>> detect)
    {
        var evaluator = new DetectionEvaluator();
        foreach (AnnotatedImage image in data.Images)
        {
            evaluator.Add(image.Boxes, [.. detect(File.ReadAllBytes(image.Path)).Select(d => new FoundBox(new PixelBox(d.Left, d.Top, d.Width, d.Height), d.Class, d.Score))]);
        }
        return evaluator.Compute();
    }
}
