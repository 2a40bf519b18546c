namespace Edge.Quantizer.Observers;

/// <summary>
/// The range with the least squared error: one end is moved at a time, until neither move gains. Where an activation function
/// follows, its result is what the error is taken of: what it makes equal may be clipped.
/// </summary>
internal static class SquaredErrorRange
{
    private const int Candidates = 50;
    private const int Rounds = 3;

    internal static TensorRange Find(TensorStatistics statistics, int levels, Func<double, double>? function = null)
    {
        (int First, int End) bins = Filled(statistics.Histogram);
        TensorRange best = Widened(statistics.Ends);
        TensorRange all = best;
        double[] wanted = Wanted(statistics.Histogram, bins, function);
        double least = Error(statistics.Histogram, bins, best, levels, wanted, function);
        for (int round = 0; round < Rounds; round++)
        {
            double before = least;
            for (int step = 1; step < Candidates; step++)
            {
                float share = (float)step / Candidates;
                Try(best with { Maximum = all.Maximum * share });
            }
            for (int step = 1; step < Candidates; step++)
            {
                float share = (float)step / Candidates;
                Try(best with { Minimum = all.Minimum * share });
            }
            if (least == before)
            {
                break;
            }
        }
        return best;

        void Try(TensorRange range)
        {
            double error = Error(statistics.Histogram, bins, range, levels, wanted, function);
            if (error < least)
            {
                (least, best) = (error, range);
            }
        }
    }

    /// <summary>The mean squared error of quantizing what a histogram counted.</summary>
    private static double Error(GrowingHistogram histogram, (int First, int End) bins, TensorRange range, int levels, double[] wanted, Func<double, double>? function)
    {
        double step = ((double)range.Maximum - range.Minimum) / (levels - 1);
        if (step <= 0)
        {
            return double.PositiveInfinity;
        }
        double zero = Math.Round(-range.Minimum / step);
        double sum = 0;
        ReadOnlySpan<long> counts = histogram.Bins;
        for (int bin = bins.First; bin < bins.End; bin++)
        {
            if (counts[bin] == 0)
            {
                continue;
            }
            double value = histogram.Middle(bin);
            double whole = Math.Clamp(Math.Round(value / step), -zero, levels - 1 - zero);
            double error = wanted[bin - bins.First] - (function is null ? whole * step : function(whole * step));
            sum += counts[bin] * error * error;
        }
        return sum / histogram.Count;
    }

    private static double[] Wanted(GrowingHistogram histogram, (int First, int End) bins, Func<double, double>? function) =>
        [.. Enumerable.Range(bins.First, bins.End - bins.First).Select(bin => (double)histogram.Middle(bin)).Select(value => function is null ? value : function(value))];

    /// <summary>The bins from the first to behind the last that something fell into.</summary>
    private static (int First, int End) Filled(GrowingHistogram histogram)
    {
        ReadOnlySpan<long> counts = histogram.Bins;
        return (counts.IndexOfAnyExcept(0), counts.LastIndexOfAnyExcept(0) + 1);
    }

    // What quantization widens anyway: zero is always in.
    private static TensorRange Widened(TensorRange range) => new(Math.Min(range.Minimum, 0), Math.Max(range.Maximum, 0));
}
