using Edge.Cli.Models;
using Edge.Graph;
using Edge.Packages;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Cli.Quantization;

/// <summary>Average precision of a detector on annotated pictures, by COCO's protocol.</summary>
internal sealed class DetectionJudge(DetectionDataset data, ModelCard card, int threads) : ModelJudge
{
    // As COCO is evaluated: nearly every box counts, and overlaps are dropped late.
    private const float Threshold = 0.01f;
    private const float Overlap = 0.65f;
    private const int MostBoxes = 300;

    /// <inheritdoc/>
    internal override string Metric => "AP";

    /// <inheritdoc/>
    internal override int Samples => data.Images.Count;

    /// <inheritdoc/>
    internal override double Judge(OnnxModel model)
    {
        OutputSpec output = card.Output with { Threshold = Threshold, IouThreshold = Overlap, MaxDetections = MostBoxes };
        using var run = new DetectorRun(model, card, output, threads);
        var evaluator = new DetectionEvaluator();
        foreach (AnnotatedImage image in data.Images)
        {
            evaluator.Add(image.Boxes, [.. run.Detect(image.Path).Select(found => new FoundBox(new PixelBox(found.Left, found.Top, found.Width, found.Height), found.Class, found.Score))]);
        }
        return evaluator.Compute().Ap ?? 0;
    }
}
