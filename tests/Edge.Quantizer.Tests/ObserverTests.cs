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
        float[] values = Skewed(40_000, growth: true);
        TensorStatistics statistics = InBatches(values);
        TensorRange range = new RangeRule(CalibrationMethod.Percentile, percentile).Find(statistics);
        float[] sorted = [.. values.Order()];
        double tail = (100 - percentile) / 200;
        float step = 64f / 2048;
        Assert.Equal(sorted[(int)(tail * sorted.Length)], range.Minimum, 2 * step);
        Assert.Equal(sorted[(int)((1 - tail) * sorted.Length) - 1], range.Maximum, 2 * step);
    }

    [Fact]
    public void Percentile_Hundred_IsMinMax() =>
        Assert.Equal(new TensorRange(-3, 7.5f), new RangeRule(CalibrationMethod.Percentile, 100).Find(Of(-3, 0, 7.5f)));

    [Fact]
    public void Percentile_Outlier_IsClipped()
    {
        TensorStatistics statistics = Of([.. Enumerable.Repeat(0.5f, 5000), .. Enumerable.Repeat(-0.5f, 5000), 1000f]);
        Assert.InRange(new RangeRule(CalibrationMethod.Percentile, 99).Find(statistics).Maximum, 0.5f, 1.1f);
    }

    [Fact]
    public void MovingAverage_ThreeBatches_IsTheWeightedMeanOfTheirEnds()
    {
        var statistics = new TensorStatistics();
        statistics.Observe([-1, 2]);
        statistics.Observe([-3, 10]);
        statistics.Observe([-5, 20]);
        TensorRange range = new RangeRule(CalibrationMethod.MovingAverage).Find(statistics);
        Assert.Equal((0.81f * -1) + (0.09f * -3) + (0.1f * -5), range.Minimum, 1e-5f);
        Assert.Equal((0.81f * 2) + (0.09f * 10) + (0.1f * 20), range.Maximum, 1e-5f);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(256)]
    public void Mse_SkewedData_IsAsGoodAsTheBestOfAllPairsOfEnds(int levels)
    {
        float[] values = Skewed(20_000, growth: false);
        values[7] = 4;
        TensorRange found = new RangeRule(CalibrationMethod.Mse, Levels: levels).Find(InBatches(values));
        double least = double.PositiveInfinity;
        for (int low = 1; low <= 20; low++)
        {
            for (int high = 1; high <= 200; high++)
            {
                least = Math.Min(least, MeanSquaredError(values, new TensorRange(values.Min() * low / 20, values.Max() * high / 200), levels));
            }
        }
        double error = MeanSquaredError(values, found, levels);
        Assert.True(error <= least * 1.15, $"{error} is worse than {least}");
        Assert.True(levels > 16 || error < 0.7 * MeanSquaredError(values, new TensorRange(values.Min(), values.Max()), levels), "an outlier among few levels must be clipped");
    }

    [Fact]
    public void Entropy_UniformData_ClipsNothing()
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(index => (index / 50_000f) - 1)];
        TensorRange range = new RangeRule(CalibrationMethod.Entropy).Find(Of(values));
        Assert.True(range.Minimum < -0.97f && range.Maximum > 0.97f, range.ToString());
    }

    [Fact]
    public void Entropy_FarOutliers_AreClipped()
    {
        var random = new Random(3);
        float[] values = new float[200_000];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle()) - 2;
        }
        values[5] = 8;
        values[6] = -8;
        TensorRange range = new RangeRule(CalibrationMethod.Entropy, Levels: 256).Find(Of(values));
        Assert.True(range.Maximum < 4 && range.Minimum > -4, range.ToString());
    }

    [Theory]
    [InlineData(CalibrationMethod.MinMax)]
    [InlineData(CalibrationMethod.MovingAverage)]
    [InlineData(CalibrationMethod.Percentile)]
    [InlineData(CalibrationMethod.Entropy)]
    [InlineData(CalibrationMethod.Mse)]
    public void Find_AnyMethod_StaysWithinWhatWasSeen(CalibrationMethod method)
    {
        float[][] data = [[0, 0, 0], [5, 5, 5], [-1e-30f, 1e-30f], [-3e38f, 3e38f], [0, 0, 0, 1], Skewed(5000, growth: true)];
        foreach (float[] values in data)
        {
            TensorRange range = new RangeRule(method).Find(Of(values));
            Assert.InRange(range.Minimum, values.Min(), values.Max());
            Assert.InRange(range.Maximum, range.Minimum, values.Max());
        }
    }

    [Fact]
    public void Histogram_HugeAndTinyValues_CountsAll()
    {
        var histogram = new GrowingHistogram();
        histogram.Add([0, 0, 1e-30f, 1, float.MaxValue, -float.MaxValue]);
        Assert.Equal(6, histogram.Count);
        Assert.True(float.IsFinite(histogram.Quantile(0.5)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 5)]
    [InlineData(70_001)]
    public void Histogram_AnyLength_CountsEveryValueInItsBin(int length)
    {
        float[] values = Skewed(length, growth: false);
        values[0] = 0;
        values[1] = 0.25f;
        values[2] = -0.25f;
        var histogram = new GrowingHistogram();
        histogram.Add(values);
        long[] expected = new long[histogram.Bins.Length];
        foreach (float value in values)
        {
            expected[(int)Math.Floor((double)value / histogram.BinWidth) + (expected.Length / 2)]++;
        }
        Assert.Equal(expected, histogram.Bins.ToArray());
    }

    [Fact]
    public void Range_NothingObserved_Throws() => Assert.Throws<InvalidOperationException>(() => new TensorStatistics().Ends);

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(-1f, 1f)]
    [InlineData(2f, 5f)]
    [InlineData(-5f, -2f)]
    [InlineData(-3e38f, 3e38f)]
    public void Of_AnyRangeAndType_HoldsZeroExactlyAndBothEnds(float minimum, float maximum)
    {
        foreach (QuantizedType type in Enum.GetValues<QuantizedType>())
        {
            foreach (bool isSymmetric in new[] { false, true })
            {
                AffineParameters parameters = AffineParameters.Of(new TensorRange(minimum, maximum), type, isSymmetric);
                Assert.True(parameters.Scale > 0 && float.IsFinite(parameters.Scale));
                Assert.InRange(parameters.ZeroPoint, type.Minimum(), type.Maximum());
                double low = (type.Minimum() - parameters.ZeroPoint) * (double)parameters.Scale;
                double high = (type.Maximum() - parameters.ZeroPoint) * (double)parameters.Scale;
                Assert.True(low <= Math.Min(minimum, 0) + parameters.Scale && high >= Math.Max(maximum, 0) - parameters.Scale);
            }
        }
    }

    private static TensorStatistics Of(params float[] values)
    {
        var statistics = new TensorStatistics();
        statistics.Observe(values);
        return statistics;
    }

    private static TensorStatistics InBatches(float[] values)
    {
        var random = new Random(2);
        var statistics = new TensorStatistics();
        for (int start = 0; start < values.Length;)
        {
            int length = Math.Min(random.Next(1, 3000), values.Length - start);
            statistics.Observe(values.AsSpan(start, length));
            start += length;
        }
        return statistics;
    }

    private static float[] Skewed(int length, bool growth)
    {
        var random = new Random(1);
        float[] values = new float[length];
        for (int index = 0; index < length; index++)
        {
            // Growing over time, so that the histogram must grow too.
            float size = growth ? 1 + (index / 1000f) : random.NextSingle() * random.NextSingle();
            values[index] = (random.NextSingle() - 0.3f) * size;
        }
        return values;
    }

    private static double MeanSquaredError(float[] values, TensorRange range, int levels)
    {
        double step = ((double)range.Maximum - range.Minimum) / (levels - 1);
        double zero = Math.Round(-range.Minimum / step);
        return values.Average(value => Math.Pow(value - (Math.Clamp(Math.Round(value / step), -zero, levels - 1 - zero) * step), 2));
    }
}
