namespace Edge.Training.Metrics;

/// <summary>Precision against recall over the threshold: the honest curve where positive samples are rare.</summary>
/// <param name="Points">By rising recall, one a distinct score.</param>
/// <param name="AveragePrecision">
/// <c>Σ (Rₙ − Rₙ₋₁) · Pₙ</c> over the points, without interpolation; not a number where no sample is positive.
/// </param>
public sealed record PrecisionRecallCurve(IReadOnlyList<PrecisionRecallPoint> Points, double AveragePrecision)
{
    /// <summary>The curve of scores.</summary>
    /// <param name="scores">One a sample, higher for more likely positive; one that is not a number is below every other.</param>
    /// <param name="positive">Which samples are positive.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static PrecisionRecallCurve Of(ReadOnlySpan<float> scores, ReadOnlySpan<bool> positive)
    {
        Lengths.Check(scores, positive);
        double positives = positive.Count(true);
        var points = new List<PrecisionRecallPoint>();
        double average = 0;
        long before = 0;
        foreach ((float threshold, long hits, long wrong) in ScoreOrder.Reached(scores.ToArray(), positive.ToArray()))
        {
            double precision = (double)hits / (hits + wrong);
            average += (hits - before) / positives * precision;
            before = hits;
            points.Add(new PrecisionRecallPoint(threshold, hits / positives, precision));
        }
        return new PrecisionRecallCurve(points, positives == 0 ? double.NaN : average);
    }

    /// <summary>The curve of one class against the rest.</summary>
    /// <param name="scores">[N, classes] in C order, comparable between samples: probabilities rather than logits.</param>
    /// <param name="labels">[N].</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="index">The class.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static PrecisionRecallCurve OneAgainstRest(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes, int index)
    {
        Lengths.Check(scores, labels, classes);
        (float[] column, bool[] positive) = ScoreOrder.OneAgainstRest(scores, labels, classes, index);
        return Of(column, positive);
    }
}
