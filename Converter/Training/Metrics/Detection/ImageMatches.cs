namespace Edge.Training.Metrics;

/// <summary>
/// The boxes of one class in one picture, matched at every overlap threshold as COCO's evaluation does it: found boxes in falling
/// order of score take the free true box that they overlap most, and one that may be ignored only where no other is left.
/// </summary>
internal sealed class ImageMatches
{
    private ImageMatches(int thresholds, int found, int truths)
    {
        Scores = new double[found];
        IsMatched = new bool[thresholds, found];
        IsIgnored = new bool[thresholds, found];
        Truths = truths;
    }

    /// <summary>The scores of the found boxes, falling.</summary>
    public double[] Scores { get; }

    /// <summary>By threshold and found box: does it have a true box?</summary>
    public bool[,] IsMatched { get; }

    /// <summary>By threshold and found box: does it count neither for nor against?</summary>
    public bool[,] IsIgnored { get; }

    /// <summary>How many true boxes ask to be found.</summary>
    public int Truths { get; }

    /// <summary>Matches.</summary>
    /// <param name="truth">The true boxes of the class.</param>
    /// <param name="found">The found ones in falling order of score, at most as many as count.</param>
    /// <param name="size">The sizes that count.</param>
    /// <param name="thresholds">The overlaps, rising.</param>
    public static ImageMatches Of(IReadOnlyList<TrueBox> truth, IReadOnlyList<FoundBox> found, SizeRange size, IReadOnlyList<double> thresholds)
    {
        // Stable: those that count come first, each part in the order of the file.
        (TrueBox Box, bool IsIgnored)[] order =
            [.. truth.Select(t => (t, t.IsCrowd || !size.Contains(t.Area))).OrderBy(t => t.Item2)];
        var result = new ImageMatches(thresholds.Count, found.Count, order.Count(t => !t.IsIgnored));
        double[,] overlaps = Overlaps(order, found);
        for (int d = 0; d < found.Count; d++)
        {
            result.Scores[d] = found[d].Score;
        }
        bool[] isTaken = new bool[order.Length];
        for (int t = 0; t < thresholds.Count; t++)
        {
            Array.Clear(isTaken);
            for (int d = 0; d < found.Count; d++)
            {
                int best = Best(order, overlaps, d, isTaken, Math.Min(thresholds[t], 1 - 1e-10));
                result.IsMatched[t, d] = best >= 0;
                result.IsIgnored[t, d] = best >= 0 ? order[best].IsIgnored : !size.Contains(found[d].Box.Area);
                if (best >= 0)
                {
                    isTaken[best] = true;
                }
            }
        }
        return result;
    }

    private static int Best((TrueBox Box, bool IsIgnored)[] order, double[,] overlaps, int found, bool[] isTaken, double least)
    {
        int best = -1;
        for (int g = 0; g < order.Length; g++)
        {
            if (isTaken[g] && !order[g].Box.IsCrowd)
            {
                continue;
            }
            if (best >= 0 && !order[best].IsIgnored && order[g].IsIgnored)
            {
                break;
            }
            if (overlaps[found, g] >= least)
            {
                (least, best) = (overlaps[found, g], g);
            }
        }
        return best;
    }

    private static double[,] Overlaps((TrueBox Box, bool IsIgnored)[] truth, IReadOnlyList<FoundBox> found)
    {
        var overlaps = new double[found.Count, truth.Length];
        for (int d = 0; d < found.Count; d++)
        {
            for (int g = 0; g < truth.Length; g++)
            {
                // Against a crowd, what counts is how much of the found box lies in it.
                double area = found[d].Box.Area;
                overlaps[d, g] = !truth[g].Box.IsCrowd ? PixelBox.Overlap(found[d].Box, truth[g].Box.Box)
                    : area > 0 ? PixelBox.Shared(found[d].Box, truth[g].Box.Box) / area : 0;
            }
        }
        return overlaps;
    }
}
