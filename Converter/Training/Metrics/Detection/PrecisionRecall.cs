namespace Edge.Training.Metrics;

/// <summary>Precision over recall for one class, one size and one overlap, at COCO's 101 recalls from 0 to 1.</summary>
/// <param name="Precision">At each recall, the best precision at this recall or a higher one; 0 where it is not reached.</param>
/// <param name="Recall">The highest recall that is reached.</param>
public sealed record PrecisionRecall(IReadOnlyList<double> Precision, double Recall)
{
    /// <summary>How many recalls there are.</summary>
    public const int Points = 101;

    /// <summary>The area under the curve.</summary>
    public double Average => Precision.Average();

    /// <summary>Adds up a class's pictures.</summary>
    /// <param name="images">The pictures, matched.</param>
    /// <param name="threshold">Which overlap, by number.</param>
    /// <param name="most">At most so many found boxes a picture.</param>
    /// <returns>Null where no true box asks to be found.</returns>
    internal static PrecisionRecall? Of(IReadOnlyList<ImageMatches> images, int threshold, int most)
    {
        int truths = images.Sum(i => i.Truths);
        if (truths == 0)
        {
            return null;
        }
        var counted = new List<(double Score, bool IsRight)>();
        foreach (ImageMatches image in images)
        {
            for (int d = 0; d < Math.Min(image.Scores.Length, most); d++)
            {
                if (!image.IsIgnored[threshold, d])
                {
                    counted.Add((image.Scores[d], image.IsMatched[threshold, d]));
                }
            }
        }
        // Stable, so that equal scores keep the order of the pictures.
        (double Score, bool IsRight)[] order = [.. counted.OrderByDescending(c => c.Score)];
        double[] recall = new double[order.Length];
        double[] precision = new double[order.Length];
        int right = 0;
        for (int i = 0; i < order.Length; i++)
        {
            right += order[i].IsRight ? 1 : 0;
            recall[i] = (double)right / truths;
            precision[i] = (double)right / (i + 1);
        }
        for (int i = order.Length - 2; i >= 0; i--)
        {
            precision[i] = Math.Max(precision[i], precision[i + 1]);
        }
        double[] sampled = new double[Points];
        for (int p = 0, i = 0; p < Points; p++)
        {
            // 0.01 × p, not p ÷ 100: the reference implementation's recalls, which decide ties.
            double wanted = p == Points - 1 ? 1 : p * 0.01;
            while (i < recall.Length && recall[i] < wanted)
            {
                i++;
            }
            sampled[p] = i < precision.Length ? precision[i] : 0;
        }
        return new PrecisionRecall(sampled, recall.Length == 0 ? 0 : recall[^1]);
    }
}
