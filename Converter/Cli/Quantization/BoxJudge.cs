using Edge.Cli.Models;
using Edge.Graph;
using Edge.Inference;

namespace Edge.Cli.Quantization;

/// <summary>
/// The share of the float model's boxes that a model finds too: of the same class, overlapping by half. What can be judged where
/// nobody drew the true boxes.
/// </summary>
internal sealed class BoxJudge : ModelJudge
{
    private const double LeastOverlap = 0.5;
    private readonly ModelCard _card;
    private readonly IReadOnlyList<string> _pictures;
    private readonly List<Detection[]> _expected = [];
    private readonly int _threads;

    internal BoxJudge(OnnxModel reference, ModelCard card, IReadOnlyList<string> pictures, int threads)
    {
        (_card, _pictures, _threads) = (card, pictures, threads);
        using var run = new DetectorRun(reference, card, card.Output, threads);
        foreach (string picture in pictures)
        {
            _expected.Add(run.Detect(picture));
        }
    }

    /// <inheritdoc/>
    internal override string Metric => "boxes matched";

    /// <summary>How many boxes the float model finds.</summary>
    internal override int Samples => _expected.Sum(boxes => boxes.Length);

    /// <inheritdoc/>
    internal override double Judge(OnnxModel model)
    {
        using var run = new DetectorRun(model, _card, _card.Output, _threads);
        int matched = 0;
        for (int index = 0; index < _pictures.Count; index++)
        {
            List<Detection> found = [.. run.Detect(_pictures[index])];
            foreach (Detection box in _expected[index].OrderByDescending(box => box.Score))
            {
                int best = found.Select((other, place) => (Overlap: box.Class == other.Class ? Overlap(box, other) : 0, place)).Where(pair => pair.Overlap >= LeastOverlap).DefaultIfEmpty((0, -1)).MaxBy(pair => pair.Item1).Item2;
                if (best >= 0)
                {
                    matched++;
                    found.RemoveAt(best);
                }
            }
        }
        return Samples == 0 ? 1 : (double)matched / Samples;
    }

    private static double Overlap(Detection one, Detection other)
    {
        double width = Math.Min(one.Right, other.Right) - Math.Max(one.Left, other.Left);
        double height = Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Top, other.Top);
        double both = width > 0 && height > 0 ? width * height : 0;
        return both / ((one.Width * (double)one.Height) + (other.Width * (double)other.Height) - both);
    }
}
