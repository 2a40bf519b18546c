using System.Diagnostics;
using Edge.Testing;

namespace Edge.Inference.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_RandomDurations_IsWithinABucketOfTheTruth()
    {
        var random = new Random(6);
        var histogram = new LatencyHistogram();
        double[] milliseconds = [.. Enumerable.Range(0, 10_001).Select(_ => Math.Exp(random.NextDouble() * 12 - 6))];
        foreach (double value in milliseconds)
        {
            histogram.Record(TimeSpan.FromMilliseconds(value));
        }
        Array.Sort(milliseconds);
        foreach (double share in (double[])[0.01, 0.5, 0.9, 0.95, 0.99, 0.999])
        {
            double truth = milliseconds[(int)Math.Ceiling(share * milliseconds.Length) - 1];
            Assert.InRange(histogram.Percentile(share).TotalMilliseconds, truth * 0.94, (truth * 1.033) + 0.0002);
        }
        Assert.Equal(milliseconds[^1], histogram.Max.TotalMilliseconds, 1e-3);
        Assert.Equal(histogram.Max, histogram.Percentile(1));
        Assert.Equal(milliseconds.Average(), histogram.Mean.TotalMilliseconds, 1e-3);
        Assert.Equal(10_001, histogram.Count);
    }

    [Fact]
    public void Record_AnyDuration_NeverFails()
    {
        var histogram = new LatencyHistogram();
        foreach (long ticks in (long[])[long.MinValue, -1, 0, 1, 31, 32, 33, 1 << 20, Stopwatch.Frequency * 86_400 * 365])
        {
            histogram.Record(ticks);
            Assert.True(histogram.Percentile(1) >= TimeSpan.Zero);
        }
        histogram.Record(TimeSpan.FromDays(10_000));
        Assert.Equal(10, histogram.Count);
        histogram.Clear();
        Assert.Equal((0, TimeSpan.Zero, TimeSpan.Zero), ((int)histogram.Count, histogram.Percentile(0.5), histogram.Mean));
    }

    [Fact]
    public void Record_Often_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(5);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                histogram.Record(i);
            }
        }));
    }
}
