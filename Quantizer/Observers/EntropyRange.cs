namespace Edge.Quantizer.Observers;

/// <summary>
/// The range after which the quantized distribution tells the least apart from the clipped one, by Kullback–Leibler divergence
/// (Migacz, "8-bit inference with TensorRT", 2017). Both ends move in towards zero together.
/// </summary>
internal static class EntropyRange
{
    private const int Candidates = 64;
    private const double Nothing = 1e-9;

    internal static TensorRange Find(TensorStatistics statistics, int levels)
    {
        GrowingHistogram histogram = statistics.Histogram;
        TensorRange best = statistics.Ends;
        double least = double.PositiveInfinity;
        // From the widest: of equal ones that which clips least is kept.
        for (int step = Candidates; step >= Candidates / 8; step--)
        {
            float share = (float)step / Candidates;
            var range = new TensorRange(Math.Min(0, statistics.Minimum) * share, Math.Max(0, statistics.Maximum) * share);
            double divergence = Divergence(histogram, range, levels);
            if (divergence < least)
            {
                (least, best) = (divergence, range);
            }
        }
        return best;
    }

    private static double Divergence(GrowingHistogram histogram, TensorRange range, int levels)
    {
        ReadOnlySpan<long> counts = histogram.Bins;
        float width = histogram.BinWidth;
        int first = Math.Clamp((int)MathF.Floor(range.Minimum / width) + (counts.Length / 2), 0, counts.Length - 1);
        int end = Math.Clamp((int)MathF.Ceiling(range.Maximum / width) + (counts.Length / 2), first + 1, counts.Length);
        int bins = end - first;
        // With fewer bins than levels every bin has a level of its own: nothing is lost but what is clipped.
        int used = Math.Min(levels, bins);
        double[] real = new double[bins];
        for (int bin = 0; bin < counts.Length; bin++)
        {
            real[Math.Clamp(bin - first, 0, bins - 1)] += counts[bin];
        }
        double divergence = 0;
        double inside = 0;
        for (int level = 0; level < used; level++)
        {
            int from = (int)((long)level * bins / used);
            int to = (int)((long)(level + 1) * bins / used);
            double sum = 0;
            int filled = 0;
            for (int bin = from; bin < to; bin++)
            {
                // What was clipped is in the real distribution's ends, and missing in the quantized one.
                sum += counts[first + bin];
                filled += real[bin] > 0 ? 1 : 0;
            }
            inside += sum;
            double each = filled == 0 ? 0 : sum / filled;
            for (int bin = from; bin < to; bin++)
            {
                if (real[bin] > 0)
                {
                    divergence += real[bin] / histogram.Count * Math.Log(real[bin] / Math.Max(each, Nothing * histogram.Count));
                }
            }
        }
        // The quantized distribution counts less than the real one where values were clipped: both are taken as shares.
        return divergence + Math.Log(Math.Max(inside, 1) / histogram.Count);
    }
}
