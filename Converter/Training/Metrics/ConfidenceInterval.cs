using Edge.Foundation;

namespace Edge.Training.Metrics;

/// <summary>Where a figure lies, with 95 % confidence, given how few samples it was measured on.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    // The normal distribution's quantile of 97.5 %.
    private const double Z = 1.959963984540054;

    /// <summary>Of a share, such as an accuracy (Wilson's score interval, 1927: right for few samples and near 0 and 1 too).</summary>
    /// <param name="hits">How many times it was so.</param>
    /// <param name="trials">Out of how many; 0 gives the whole range from 0 to 1.</param>
    public static ConfidenceInterval OfShare(long hits, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, trials);
        if (trials == 0)
        {
            return new ConfidenceInterval(0, 1);
        }
        double n = trials;
        double share = hits / n;
        double centre = share + (Z * Z / (2 * n));
        double half = Z * Math.Sqrt((share * (1 - share) / n) + (Z * Z / (4 * n * n)));
        double scale = 1 + (Z * Z / n);
        // At the very ends rounding must not step over them.
        return new ConfidenceInterval(hits == 0 ? 0 : (centre - half) / scale, hits == trials ? 1 : (centre + half) / scale);
    }

    /// <summary>Of any figure: it is measured again on samples drawn with replacement (Efron's percentile bootstrap).</summary>
    /// <param name="count">How many samples there are.</param>
    /// <param name="measure">The figure of the samples with these indices; draws where it is not a number are left out.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="draws">How often to measure.</param>
    /// <returns>Not a number where no draw gave one.</returns>
    public static ConfidenceInterval Bootstrap(int count, Func<int[], double> measure, ulong seed = 0, int draws = 200)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var random = new SplitMix64(SplitMix64.Mix(seed, 0xB007));
        var figures = new List<double>(draws);
        int[] sample = new int[count];
        for (int draw = 0; draw < draws; draw++)
        {
            for (int i = 0; i < count; i++)
            {
                sample[i] = random.Below(count);
            }
            double figure = measure(sample);
            if (!double.IsNaN(figure))
            {
                figures.Add(figure);
            }
        }
        figures.Sort();
        return new ConfidenceInterval(Quantile(figures, 0.025), Quantile(figures, 0.975));
    }

    private static double Quantile(List<double> sorted, double share)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }
        double place = share * (sorted.Count - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
