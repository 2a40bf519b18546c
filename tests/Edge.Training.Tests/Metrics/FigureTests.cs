using Edge.Training.Metrics;

namespace Edge.Training.Tests.Metrics;

public sealed class FigureTests
{
    [Fact]
    public void Regression_SmallCase_HasTheErrorsOfPaperAndPencil()
    {
        var metrics = new RegressionMetrics();
        metrics.Add([2.5f, 0], [3, -0.5f]);
        metrics.Add([2, 8], [2, 7]);
        Assert.Equal(4, metrics.Count);
        Assert.Equal(0.375, metrics.MeanSquaredError, 1e-12);
        Assert.Equal(Math.Sqrt(0.375), metrics.RootMeanSquaredError, 1e-12);
        Assert.Equal(0.5, metrics.MeanAbsoluteError, 1e-12);
        Assert.Equal(0.25, metrics.Bias, 1e-12);
        Assert.Equal(1, metrics.LargestError, 1e-12);
        Assert.Equal(1 - (1.5 / 29.1875), metrics.R2, 1e-12);
    }

    [Fact]
    public void Regression_AlwaysTheMean_ExplainsNothing()
    {
        Assert.Equal(0, R2([2, 2, 2], [1, 2, 3]), 1e-12);
        Assert.Equal(1, R2([1, 2, 3], [1, 2, 3]));
        Assert.Equal(0, R2([1, 2], [5, 5]));
        // A far larger mean than spread costs no digits.
        Assert.Equal(0.5, R2([1e6f + 1, 1e6f + 2, 1e6f + 4], [1e6f + 1, 1e6f + 2, 1e6f + 3]), 1e-9);
        Assert.Throws<ArgumentException>(() => R2([1], []));

        static double R2(float[] outputs, float[] targets)
        {
            var metrics = new RegressionMetrics();
            metrics.Add(outputs, targets);
            return metrics.R2;
        }
    }

    [Fact]
    public void Threshold_OneToHundred_LetsTheWantedShareThrough()
    {
        float[] scores = [.. Enumerable.Range(1, 100).Select(i => (float)i), 97, 50];
        bool[] anomalous = [.. Enumerable.Repeat(false, 100), true, true];
        Assert.Equal(new AnomalyThreshold(95, 0.05, 0.5), AnomalyThreshold.Suggest(scores, anomalous, 0.05));
        Assert.Equal(new AnomalyThreshold(100, 0, 0), AnomalyThreshold.Suggest(scores, anomalous, 0));
    }

    [Fact]
    public void Threshold_EqualScores_NeverLetMoreThrough()
    {
        AnomalyThreshold threshold = AnomalyThreshold.Suggest([1, 2, 2, 2], new bool[4], 0.25);
        Assert.Equal((2, 0), (threshold.Threshold, threshold.FalsePositiveRate));
        Assert.True(double.IsNaN(threshold.TruePositiveRate));
        Assert.Throws<ArgumentException>(() => AnomalyThreshold.Suggest([1], [true], 0.1));
    }

    // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void OfShare_PublishedCases_AreAsPublished(int hits, int trials, double low, double high)
    {
        ConfidenceInterval interval = ConfidenceInterval.OfShare(hits, trials);
        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
        ConfidenceInterval mirrored = ConfidenceInterval.OfShare(trials - hits, trials);
        Assert.Equal(1 - high, mirrored.Low, 5e-5);
        Assert.Equal(1 - low, mirrored.High, 5e-5);
    }

    [Fact]
    public void OfShare_Nothing_IsEverything()
    {
        Assert.Equal(new ConfidenceInterval(0, 1), ConfidenceInterval.OfShare(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.OfShare(2, 1));
    }

    [Fact]
    public void Bootstrap_Mean_HasTheWidthOfItsStandardError()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        ConfidenceInterval Interval(ulong seed) => ConfidenceInterval.Bootstrap(values.Length, sample => sample.Average(i => values[i]), seed, draws: 1000);
        ConfidenceInterval interval = Interval(1);
        Assert.Equal(interval, Interval(1));
        Assert.NotEqual(interval, Interval(2));
        Assert.InRange(values.Average(), interval.Low, interval.High);
        // ±1.96 standard errors of a uniform variable: 1.96 ÷ √12 ÷ √400 each way.
        Assert.Equal(2 * 1.96 / Math.Sqrt(12 * 400), interval.High - interval.Low, 0.006);
    }

    [Fact]
    public void Bootstrap_NeverANumber_SaysSo() =>
        Assert.True(double.IsNaN(ConfidenceInterval.Bootstrap(3, _ => double.NaN).Low));

    [Fact]
    public void Groups_TwoCameras_ShowTheGap()
    {
        IReadOnlyList<GroupAccuracy> groups = GroupAccuracy.Of(["b", "a", "b", "a", "a", "a"], [true, true, false, true, false, true]);
        Assert.Equal([("a", 4, 0.75), ("b", 2, 0.5)], [.. groups.Select(group => (group.Group, group.Count, group.Accuracy))]);
        Assert.Equal(0.25, GroupAccuracy.LargestGap(groups));
        Assert.Equal(ConfidenceInterval.OfShare(1, 2), groups[1].Interval);
        Assert.Equal(0, GroupAccuracy.LargestGap([]));
        Assert.Throws<ArgumentException>(() => GroupAccuracy.Of(["a"], []));
    }
}
