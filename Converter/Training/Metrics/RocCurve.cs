namespace Edge.Training.Metrics;

/// <summary>
/// How many positive and negative samples reach each threshold (receiver operating characteristic), and the area below:
/// the chance that a positive sample scores higher than a negative one, where a draw counts half.
/// </summary>
/// <param name="Points">From (0, 0) to (1, 1), one a distinct score.</param>
/// <param name="Area">From 0 to 1; 0.5 is guessing; not a number where one of the two kinds is missing.</param>
public sealed record RocCurve(IReadOnlyList<RocPoint> Points, double Area)
{
    /// <summary>The curve of scores.</summary>
    /// <param name="scores">One a sample, higher for more likely positive; one that is not a number is below every other.</param>
    /// <param name="positive">Which samples are positive.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static RocCurve Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        Lengths.Check(scores, positive);
        double positives = positive.Count(true);
        double negatives = positive.Length - positives;
        List<RocPoint> points = [new RocPoint(float.PositiveInfinity, 0, 0)];
        // Twice the area in units of one pair: whole numbers, so that only the order of the scores matters.
        double area = 0;
        (long hitsBefore, long falseBefore) = (0, 0);
        foreach ((float threshold, long hits, long wrong) in ScoreOrder.Reached(scores.ToArray(), positive.ToArray()))
        {
            area += (double)(wrong - falseBefore) * (hits + hitsBefore);
            (hitsBefore, falseBefore) = (hits, wrong);
            points.Add(new RocPoint(threshold, wrong / negatives, hits / positives));
        }
        return new RocCurve(points, area / (2 * positives * negatives));
    }

    /// <summary>The curve of one class against the rest.</summary>
    /// <param name="scores">[N, classes] in C order, comparable between samples: probabilities rather than logits.</param>
    /// <param name="labels">[N].</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="index">The class.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static RocCurve OneAgainstRest(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes, int index)
    {
        Lengths.Check(scores, labels, classes);
        (float[] column, bool[] positive) = ScoreOrder.OneAgainstRest(scores, labels, classes, index);
        return Of(column, positive);
    }

    /// <summary>The plain mean of the areas of every class against the rest; classes that all or no samples are of are left out.</summary>
    /// <param name="scores">[N, classes] in C order, comparable between samples.</param>
    /// <param name="labels">[N].</param>
    /// <param name="classes">The length of a row.</param>
    /// <returns>From 0 to 1; not a number where no class counts.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static double MacroArea(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes)
    {
        (double sum, int counted) = (0, 0);
        for (int index = 0; index < classes; index++)
        {
            double area = OneAgainstRest(scores, labels, classes, index).Area;
            if (!double.IsNaN(area))
            {
                sum += area;
                counted++;
            }
        }
        return counted == 0 ? double.NaN : sum / counted;
    }
}
