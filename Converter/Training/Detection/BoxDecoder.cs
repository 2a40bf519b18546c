using System.Numerics.Tensors;
using Edge.Training.Metrics;

namespace Edge.Training.Detection;

/// <summary>Boxes of a detector's output while it is trained: those above a score, without those that overlap a surer one of their class.</summary>
/// <param name="grid">The cells.</param>
internal sealed class BoxDecoder(DetectionGrid grid)
{
    private const float LeastScore = 0.01f;
    private const double MostOverlap = 0.65;
    private const int MostCandidates = 1000;
    private const int MostBoxes = 100;

    /// <summary>The cells.</summary>
    public DetectionGrid Grid => grid;

    /// <summary>The boxes of one picture, the surest first, in pixels of the input.</summary>
    /// <param name="output">[cells, 5 + classes]: the model's output.</param>
    public IReadOnlyList<FoundBox> Decode(ReadOnlySpan<float> output)
    {
        int width = output.Length / grid.Count;
        var candidates = new List<FoundBox>();
        for (int cell = 0; cell < grid.Count; cell++)
        {
            ReadOnlySpan<float> prediction = output.Slice(cell * width, width);
            if (!(prediction[4] >= LeastScore))
            {
                continue;
            }
            int best = TensorPrimitives.IndexOfMax(prediction[BoxTarget.Width..]);
            float score = prediction[4] * prediction[BoxTarget.Width + best];
            if (score >= LeastScore)
            {
                candidates.Add(new FoundBox(Box(grid.Decode(cell, prediction)), best, score));
            }
        }
        var kept = new List<FoundBox>();
        foreach (FoundBox box in candidates.OrderByDescending(box => box.Score).Take(MostCandidates))
        {
            if (kept.Count < MostBoxes && !kept.Exists(other => other.Class == box.Class && PixelBox.Overlap(other.Box, box.Box) > MostOverlap))
            {
                kept.Add(box);
            }
        }
        return kept;
    }

    private PixelBox Box(in PixelEdges edges)
    {
        float left = Math.Clamp(edges.Left, 0, grid.Width), top = Math.Clamp(edges.Top, 0, grid.Height);
        return new PixelBox(left, top, Math.Clamp(edges.Right, 0, grid.Width) - left, Math.Clamp(edges.Bottom, 0, grid.Height) - top);
    }
}
