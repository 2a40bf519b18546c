using Edge.Graph;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Benchmarks.Quantization;

/// <summary>A detector through the device's pipeline: its inputs, its average precision, its boxes.</summary>
internal sealed class Detector(InputSpec input, string family, float threshold, IReadOnlyList<string> labels)
{
    private const float EvaluationThreshold = 0.01f;
    private const float EvaluationOverlap = 0.65f;

    internal IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Inputs(string name, IReadOnlyList<string> pictures)
    {
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        var preprocessor = new Preprocessor(input);
        foreach (string picture in pictures)
        {
            decoder.Decode(File.ReadAllBytes(picture), pixels, preprocessor.DecodeOptions, picture);
            byte[] tensor = new byte[preprocessor.ByteLength];
            preprocessor.Run(pixels.View, tensor);
            yield return new Dictionary<string, OnnxTensor> { [name] = new OnnxTensor(ElementType.Float, [1, input.Channels, input.Height, input.Width], tensor) };
        }
    }

    internal double AveragePrecision(OnnxModel model, DetectionDataset data)
    {
        var evaluator = new DetectionEvaluator();
        IReadOnlyList<Inference.Detection[]> found = Detect(model, [.. data.Images.Select(image => image.Path)], EvaluationThreshold, EvaluationOverlap);
        for (int index = 0; index < found.Count; index++)
        {
            evaluator.Add(data.Images[index].Boxes, [.. found[index].Select(box => new FoundBox(new PixelBox(box.Left, box.Top, box.Width, box.Height), box.Class, box.Score))]);
        }
        return evaluator.Compute().Ap ?? 0;
    }

    internal IReadOnlyList<Inference.Detection[]> Boxes(OnnxModel model, IReadOnlyList<string> pictures) => Detect(model, pictures, threshold, null);

    /// <summary>The share of boxes that have a partner of the same class that overlaps by half.</summary>
    internal static double Matched(IReadOnlyList<Inference.Detection[]> expected, IReadOnlyList<Inference.Detection[]> actual)
    {
        int matched = 0;
        for (int index = 0; index < expected.Count; index++)
        {
            List<Inference.Detection> left = [.. actual[index]];
            foreach (Inference.Detection box in expected[index])
            {
                int place = left.FindIndex(other => other.Class == box.Class && Overlap(box, other) >= 0.5);
                if (place >= 0)
                {
                    matched++;
                    left.RemoveAt(place);
                }
            }
        }
        return (double)matched / Math.Max(1, expected.Sum(boxes => boxes.Length));
    }

    private IReadOnlyList<Inference.Detection[]> Detect(OnnxModel model, IReadOnlyList<string> pictures, float least, float? overlap)
    {
        var manifest = new Manifest
        {
            Name = "bench",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Detect,
            Input = input,
            Output = new OutputSpec { Family = family, Threshold = least, IouThreshold = overlap, MaxDetections = 300 },
        };
        byte[] bytes = PackageWriter.ToBytes(manifest, [PackageContent.Model(model.ToBytes()), PackageContent.Labels(labels)]);
        using VisionModel vision = VisionModel.Open(Package.Read(bytes, "bench.edgepkg", PackageTrust.AllowUnsigned), new SessionSettings { Threads = 1 });
        using VisionRunner runner = vision.CreateRunner();
        return [.. pictures.Select(picture => runner.Run(File.ReadAllBytes(picture), picture).Detections.ToArray())];
    }

    private static double Overlap(Inference.Detection one, Inference.Detection other)
    {
        double width = Math.Min(one.Right, other.Right) - Math.Max(one.Left, other.Left);
        double height = Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Top, other.Top);
        double both = width > 0 && height > 0 ? width * height : 0;
        return both / ((one.Width * (double)one.Height) + (other.Width * (double)other.Height) - both);
    }
}
