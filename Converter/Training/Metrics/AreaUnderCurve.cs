namespace Edge.Training.Metrics;

/// <summary>The area under the receiver operating characteristic.</summary>
public static class AreaUnderCurve
{
    /// <summary>
    /// The probability that a positive sample has a higher score than a negative one, equal scores counting half (Mann and
    /// Whitney); 0.5 where there are no positives or no negatives.
    /// </summary>
    /// <param name="scores">A score for each sample.</param>
    /// <param name="isPositive">Whether each sample is positive, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> isPositive)
    {
        if (scores.Length != isPositive.Length)
        {
            throw new ArgumentException($"{scores.Length} scores do not fit {isPositive.Length} labels");
        }
        double[] sorted = scores.ToArray();
        bool[] labels = isPositive.ToArray();
        Array.Sort(sorted, labels);
        double ranks = 0;
        long positives = 0;
        for (int begin = 0, end; begin < sorted.Length; begin = end)
        {
            end = begin + 1;
            while (end < sorted.Length && sorted[end] == sorted[begin])
            {
                end++;
            }
            // Equal scores share the mean of their ranks, which count from 1.
            double rank = (begin + 1 + end) / 2.0;
            for (int i = begin; i < end; i++)
            {
                ranks += labels[i] ? rank : 0;
                positives += labels[i] ? 1 : 0;
            }
        }
        long negatives = sorted.Length - positives;
        return positives == 0 || negatives == 0 ? 0.5 : (ranks - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }
}
