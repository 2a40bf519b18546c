using Edge.Training.Metrics;

namespace Edge.Training.Tests.Metrics;

public sealed class CurveTests
{
    [Fact]
    public void Roc_SmallCase_HasThePointsOfPaperAndPencil()
    {
        RocCurve curve = RocCurve.Of([0.1f, 0.4f, 0.35f, 0.8f], [false, false, true, true]);
        Assert.Equal(0.75, curve.Area);
        Assert.Equal([(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)], [.. curve.Points.Select(point => (point.FalsePositiveRate, point.TruePositiveRate))]);
        Assert.Equal(float.PositiveInfinity, curve.Points[0].Threshold);
        Assert.Equal(0.35f, curve.Points[3].Threshold);
    }

    [Fact]
    public void PrecisionRecall_SmallCase_HasTheAverageOfPaperAndPencil()
    {
        PrecisionRecallCurve curve = PrecisionRecallCurve.Of([0.1f, 0.4f, 0.35f, 0.8f], [false, false, true, true]);
        Assert.Equal(0.5 * 1 + 0.5 * (2.0 / 3), curve.AveragePrecision, 1e-12);
        Assert.Equal([(0.5, 1), (0.5, 0.5), (1, 2.0 / 3), (1, 0.5)], [.. curve.Points.Select(point => (point.Recall, point.Precision))]);
    }

    [Fact]
    public void Area_EqualScores_CountHalf()
    {
        Assert.Equal(0.5, RocCurve.Of([1, 1, 1, 1], [true, false, true, false]).Area);
        Assert.Equal(0.25, RocCurve.Of([0.5f, 0.5f, 0.2f], [true, false, true]).Area);
        Assert.Equal(0.4, PrecisionRecallCurve.Of([1, 1, 1, 1, 1], [true, true, false, false, false]).AveragePrecision, 1e-12);
    }

    [Fact]
    public void Area_PerfectAndReversed_AreOneAndZero()
    {
        Assert.Equal(1, RocCurve.Of([3, 2, 1], [true, true, false]).Area);
        Assert.Equal(0, RocCurve.Of([1, 2, 3], [true, true, false]).Area);
        Assert.Equal(1, PrecisionRecallCurve.Of([3, 2, 1], [true, true, false]).AveragePrecision);
    }

    [Fact]
    public void Area_OneKindOnly_IsNotANumber()
    {
        Assert.True(double.IsNaN(RocCurve.Of([1, 2], [true, true]).Area));
        Assert.True(double.IsNaN(RocCurve.Of([1, 2], [false, false]).Area));
        Assert.True(double.IsNaN(RocCurve.Of([], []).Area));
        Assert.True(double.IsNaN(PrecisionRecallCurve.Of([1, 2], [false, false]).AveragePrecision));
    }

    [Fact]
    public void Area_ScoreThatIsNoNumber_ComesLast() =>
        Assert.Equal(RocCurve.Of([1, float.NegativeInfinity, 3], [true, false, true]).Area, RocCurve.Of([1, float.NaN, 3], [true, false, true]).Area);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Area_RandomScoresWithTies_IsTheShareOfPairsInOrder(int seed)
    {
        (float[] scores, bool[] positive) = Random(seed, 300);
        double pairs = 0;
        double ordered = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int k = 0; k < scores.Length; k++)
            {
                if (positive[i] && !positive[k])
                {
                    pairs++;
                    ordered += scores[i] > scores[k] ? 1 : scores[i] == scores[k] ? 0.5 : 0;
                }
            }
        }
        Assert.Equal(ordered / pairs, RocCurve.Of(scores, positive).Area, 1e-12);
    }

    [Fact]
    public void Curves_MonotoneMapOfTheScores_ChangesNothingButThresholds()
    {
        (float[] scores, bool[] positive) = Random(7, 500);
        float[] mapped = [.. scores.Select(score => MathF.Exp(score / 4) - 3)];
        Assert.Equal(RocCurve.Of(scores, positive).Area, RocCurve.Of(mapped, positive).Area);
        Assert.Equal(PrecisionRecallCurve.Of(scores, positive).AveragePrecision, PrecisionRecallCurve.Of(mapped, positive).AveragePrecision);
    }

    [Fact]
    public void Curves_RisingThresholds_NeverStepBack()
    {
        (float[] scores, bool[] positive) = Random(9, 400);
        RocCurve roc = RocCurve.Of(scores, positive);
        foreach ((RocPoint before, RocPoint after) in roc.Points.Zip(roc.Points.Skip(1)))
        {
            Assert.True(after.Threshold < before.Threshold);
            Assert.True(after.TruePositiveRate >= before.TruePositiveRate && after.FalsePositiveRate >= before.FalsePositiveRate);
        }
        Assert.Equal((1, 1), (roc.Points[^1].FalsePositiveRate, roc.Points[^1].TruePositiveRate));
    }

    [Fact]
    public void MacroArea_ClassThatDoesNotOccur_IsLeftOut()
    {
        float[] scores = [0.8f, 0.2f, 0, 0.3f, 0.7f, 0, 0.6f, 0.4f, 0];
        int[] labels = [0, 1, 1];
        double first = RocCurve.OneAgainstRest(scores, labels, 3, 0).Area;
        double second = RocCurve.OneAgainstRest(scores, labels, 3, 1).Area;
        Assert.Equal((1.0, 1.0), (first, second));
        Assert.Equal(1, RocCurve.MacroArea(scores, labels, 3));
        Assert.True(double.IsNaN(RocCurve.MacroArea([1, 0], [0], 2)));
    }

    private static (float[] Scores, bool[] Positive) Random(int seed, int count)
    {
        var random = new Random(seed);
        bool[] positive = [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0)];
        return ([.. positive.Select(mark => (float)random.Next(20) + (mark ? 4 : 0))], positive);
    }
}
