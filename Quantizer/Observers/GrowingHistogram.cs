namespace Edge.Quantizer.Observers;

/// <summary>
/// A histogram of fixed memory whose range is not known beforehand: it is symmetric about zero, and when a value falls outside
/// the range doubles and neighbouring bins merge. So one pass over the data is enough, and no count is ever estimated.
/// </summary>
public sealed class GrowingHistogram
{
    private const int HalfBins = 2048;
    private readonly long[] _bins = new long[2 * HalfBins];

    /// <summary>The bins cover [−Limit, Limit); 0 until a value other than zero is seen.</summary>
    public float Limit { get; private set; }

    /// <summary>How many values were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The width of a bin.</summary>
    public float BinWidth => Limit / HalfBins;

    /// <summary>Counts values.</summary>
    /// <param name="values">Finite values.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            float size = Math.Abs(value);
            if (size >= Limit)
            {
                Grow(size);
            }
            int bin = Limit == 0 ? HalfBins : (int)(((double)value / Limit * HalfBins) + HalfBins);
            _bins[Math.Clamp(bin, 0, _bins.Length - 1)]++;
        }
        Count += values.Length;
    }

    /// <summary>The value below which a share of all values lies, to the width of a bin.</summary>
    /// <param name="share">From 0 to 1.</param>
    public float Quantile(double share)
    {
        double wanted = share * Count;
        long sum = 0;
        for (int bin = 0; bin < _bins.Length; bin++)
        {
            long next = sum + _bins[bin];
            if (next >= wanted && _bins[bin] > 0)
            {
                double inside = (wanted - sum) / _bins[bin];
                return (float)((bin - HalfBins + Math.Clamp(inside, 0, 1)) * BinWidth);
            }
            sum = next;
        }
        return Limit;
    }

    private void Grow(float size)
    {
        if (Limit == 0)
        {
            // Everything so far was zero, which stands in the bin just above the middle whatever the limit is.
            Limit = size == 0 ? 0 : NextPowerOfTwo(size);
            return;
        }
        while (size >= Limit && float.IsFinite(Limit * 2))
        {
            Limit *= 2;
            Merge();
        }
    }

    // Each half shrinks towards the middle: bins 2i and 2i+1 counted from the middle become bin i.
    private void Merge()
    {
        for (int bin = 0; bin < HalfBins / 2; bin++)
        {
            _bins[HalfBins + bin] = _bins[HalfBins + (2 * bin)] + _bins[HalfBins + (2 * bin) + 1];
            _bins[HalfBins - 1 - bin] = _bins[HalfBins - 1 - (2 * bin)] + _bins[HalfBins - 2 - (2 * bin)];
        }
        _bins.AsSpan(HalfBins + (HalfBins / 2)).Clear();
        _bins.AsSpan(0, HalfBins / 2).Clear();
    }

    private static float NextPowerOfTwo(float size)
    {
        float limit = MathF.ScaleB(1, Math.ILogB(size) + 1);
        return float.IsFinite(limit) ? limit : float.MaxValue;
    }
}
