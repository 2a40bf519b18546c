using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Tests;

public sealed class ObserverTests
{
    [Theory]
    [InlineData(99.0)]
    [InlineData(99.9)]
    [InlineData(90.0)]
    public void Percentile_AnyBatching_MatchesSortedData(double percentile)
    {
        var random = new Random(1);
        float[] values = new float[40_000];
        for (int index = 0; index < values.Length; index++)
        {
            // Grows over time, so that the histogram must.
            values[index] = (random.NextSingle() - 0.3f) * (1 + (index / 1000f));
        }
        var observer = new PercentileObserver(percentile);
        for (int start = 0; start < values.Length;)
        {
            int length = Math.Min(random.Next(1, 3000), values.Length - start);
            observer.Observe(values.AsSpan(start, length));
            start += length;
        }
        float[] sorted = [.. values.Order()];
        double tail = (100 - percentile) / 200;
        float step = 64f / 2048;
        Assert.Equal(sorted[(int)(tail * sorted.Length)], observer.Range.Minimum, 2 * step);
        Assert.Equal(sorted[(int)((1 - tail) * sorted.Length) - 1], observer.Range.Maximum, 2 * step);
    }

    [Fact]
    public void Percentile_Hundred_IsMinMax()
    {
        var observer = new PercentileObserver(100);
        observer.Observe([-3, 0, 7.5f]);
        Assert.Equal(new TensorRange(-3, 7.5f), observer.Range);
    }

    [Fact]
    public void Percentile_Outlier_IsClipped()
    {
        var observer = new PercentileObserver(99);
        observer.Observe([.. Enumerable.Repeat(0.5f, 5000), .. Enumerable.Repeat(-0.5f, 5000), 1000f]);
        Assert.InRange(observer.Range.Maximum, 0.5f, 1.1f);
    }

    [Fact]
    public void Histogram_HugeAndTinyValues_CountsAll()
    {
        var histogram = new GrowingHistogram();
        histogram.Add([0, 0, 1e-30f, 1, float.MaxValue, -float.MaxValue]);
        Assert.Equal(6, histogram.Count);
        Assert.True(float.IsFinite(histogram.Quantile(0.5)));
    }

    [Fact]
    public void Range_NothingObserved_Throws() => Assert.Throws<InvalidOperationException>(() => new MinMaxObserver().Range);

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(-1f, 1f)]
    [InlineData(2f, 5f)]
    [InlineData(-5f, -2f)]
    [InlineData(-3e38f, 3e38f)]
    public void UInt8_AnyRange_HoldsZeroExactlyAndBothEnds(float minimum, float maximum)
    {
        AffineParameters parameters = AffineParameters.UInt8(new TensorRange(minimum, maximum));
        Assert.True(parameters.Scale > 0 && float.IsFinite(parameters.Scale));
        Assert.InRange(parameters.ZeroPoint, 0, 255);
        float low = (0 - parameters.ZeroPoint) * parameters.Scale;
        float high = (255 - parameters.ZeroPoint) * parameters.Scale;
        Assert.True(low <= Math.Min(minimum, 0) + parameters.Scale && high >= Math.Max(maximum, 0) - parameters.Scale);
    }
}
