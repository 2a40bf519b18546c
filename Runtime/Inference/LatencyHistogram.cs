using System.Diagnostics;
using System.Numerics;

namespace Edge.Inference;

/// <summary>
/// Durations in buckets of fixed number: from 1 ns to hours, each bucket 1/32 of a power of two wide, so that a percentile is
/// at most 3.2 % above the true one. Recording allocates nothing. One thread at a time.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;
    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private long _total;

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public TimeSpan Max => TimeSpan.FromTicks(MaxNanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>The mean, exactly.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(_total / Count / TimeSpan.NanosecondsPerTick);

    private long MaxNanoseconds { get; set; }

    /// <summary>Records a duration.</summary>
    /// <param name="stopwatchTicks">Ticks of <see cref="Stopwatch"/>; negative ones count as 0.</param>
    public void Record(long stopwatchTicks) => Add((long)(Math.Max(stopwatchTicks, 0) * (1e9 / Stopwatch.Frequency)));

    /// <summary>Records a duration.</summary>
    /// <param name="duration">The duration; negative ones count as 0.</param>
    public void Record(TimeSpan duration) => Add(Math.Max(duration.Ticks, 0) * TimeSpan.NanosecondsPerTick);

    /// <summary>The duration that a share of all stays within.</summary>
    /// <param name="share">0 to 1, such as 0.99.</param>
    /// <returns>The upper end of the bucket, never above <see cref="Max"/>; zero where nothing was recorded.</returns>
    public TimeSpan Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        long rank = Math.Max((long)Math.Ceiling(share * Count), 1);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return TimeSpan.FromTicks(Math.Min(UpperEnd(i), MaxNanoseconds) / TimeSpan.NanosecondsPerTick);
            }
        }
        return TimeSpan.Zero;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, MaxNanoseconds, _total) = (0, 0, 0);
    }

    private void Add(long nanoseconds)
    {
        _counts[Bucket(nanoseconds)]++;
        Count++;
        _total += nanoseconds;
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
    }

    // Below 32 ns each nanosecond has a bucket; above, the leading bit and the five after it choose one.
    private static int Bucket(long nanoseconds)
    {
        int exponent = Math.Max(BitOperations.Log2((ulong)nanoseconds | 1) - SubBits, 0);
        return nanoseconds < SubBuckets ? (int)nanoseconds : (exponent * SubBuckets) + (int)(nanoseconds >> exponent);
    }

    private static long UpperEnd(int bucket)
    {
        int exponent = Math.Max((bucket / SubBuckets) - 1, 0);
        long first = bucket < SubBuckets ? bucket : (long)(bucket - (exponent * SubBuckets)) << exponent;
        return first + (1L << exponent) - 1;
    }
}
