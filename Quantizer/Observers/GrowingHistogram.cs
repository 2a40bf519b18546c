using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Edge.Quantizer.Observers;

/// <summary>
/// A histogram of fixed memory whose range is not known beforehand: it is symmetric about zero, and when a value falls outside
/// the range doubles and neighbouring bins merge. So one pass over the data is enough, and no count is ever estimated.
/// </summary>
public sealed class GrowingHistogram
{
    private const int HalfBins = 2048;
    private const int Lanes = 8;

    // Smaller values than this all count as zero: their bins would be narrower than float32 can tell apart.
    private const int SmallestExponent = -100;

    // Equal values one after the other would wait for one another: each lane of four counts for itself.
    private const int Scratches = 4;
    private const int WorthScratch = 16 * 1024;

    [ThreadStatic]
    private static int[]? _scratch;

    private readonly long[] _bins;

    /// <summary>Makes an empty one.</summary>
    public GrowingHistogram() => _bins = new long[2 * HalfBins];

    private GrowingHistogram(float limit, long[] bins)
    {
        (Limit, _bins) = (limit, bins);
        Count = bins.Sum();
    }

    /// <summary>The bins cover [−Limit, Limit); 0 until a value other than zero is seen, a power of two from then on.</summary>
    public float Limit { get; private set; }

    /// <summary>How many values were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The width of a bin.</summary>
    public float BinWidth => Limit / HalfBins;

    /// <summary>How often a value fell into each bin; the first begins at −Limit.</summary>
    public ReadOnlySpan<long> Bins => _bins;

    /// <summary>The middle of a bin.</summary>
    /// <param name="bin">Its index.</param>
    public float Middle(int bin) => (bin - HalfBins + 0.5f) * BinWidth;

    /// <summary>A histogram as it was saved.</summary>
    /// <param name="limit">Its limit.</param>
    /// <param name="bins">Its bins.</param>
    /// <exception cref="ArgumentException">The bins are not as many as a histogram has.</exception>
    public static GrowingHistogram Restore(float limit, ReadOnlySpan<long> bins) =>
        bins.Length == 2 * HalfBins ? new GrowingHistogram(limit, bins.ToArray()) : throw new ArgumentException($"{bins.Length} bins, not {2 * HalfBins}", nameof(bins));

    /// <summary>Counts values.</summary>
    /// <param name="values">Finite values.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        if (!values.IsEmpty)
        {
            Add(values, Math.Abs(TensorPrimitives.MaxMagnitude(values)));
        }
    }

    /// <summary>Counts values whose largest size is known.</summary>
    /// <param name="values">Finite values, at least one.</param>
    /// <param name="largest">The largest of their sizes.</param>
    internal void Add(ReadOnlySpan<float> values, float largest)
    {
        Grow(largest);
        Count += values.Length;
        if (Limit == 0)
        {
            _bins[HalfBins] += values.Length;
            return;
        }
        float scale = HalfBins / Limit;
        int done = values.Length >= WorthScratch ? CountInLanes(values, scale) : 0;
        foreach (float value in values[done..])
        {
            _bins[Math.Clamp((int)MathF.Floor(value * scale) + HalfBins, 0, _bins.Length - 1)]++;
        }
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

    private int CountInLanes(ReadOnlySpan<float> values, float scale)
    {
        int[] scratch = _scratch ??= new int[Scratches * 2 * HalfBins];
        Array.Clear(scratch);
        Vector256<int> half = Vector256.Create(HalfBins);
        Vector256<int> last = Vector256.Create((2 * HalfBins) - 1);
        // Each lane of four in a block of its own.
        Vector256<int> block = Vector256.Create(0, 1, 2, 3, 0, 1, 2, 3) * (2 * HalfBins);
        int end = values.Length - (values.Length % Lanes);
        for (int start = 0; start < end; start += Lanes)
        {
            // A power of two multiplies without rounding, so that a value on the edge of a bin is never counted in its neighbour.
            Vector256<float> place = Vector256.Floor(Vector256.Create(values.Slice(start, Lanes)) * scale);
            Vector256<int> bin = Vector256.Min(Vector256.Max(Vector256.ConvertToInt32(place) + half, Vector256<int>.Zero), last) + block;
            for (int lane = 0; lane < Lanes; lane++)
            {
                scratch[bin.GetElement(lane)]++;
            }
        }
        for (int bin = 0; bin < _bins.Length; bin++)
        {
            _bins[bin] += (long)scratch[bin] + scratch[bin + (2 * HalfBins)] + scratch[bin + (4 * HalfBins)] + scratch[bin + (6 * HalfBins)];
        }
        return end;
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

    // The largest limit is 2^127: what lies above falls into the outermost bins.
    private static float NextPowerOfTwo(float size) => MathF.ScaleB(1, Math.Clamp(Math.ILogB(size) + 1, SmallestExponent, 127));
}
