using Edge.Training.Metrics;

namespace Edge.Training.Tests.Metrics;

public sealed class CalibrationTests
{
    [Fact]
    public void Of_SmallCase_HasTheErrorsOfPaperAndPencil()
    {
        float[] probabilities = [0.65f, 0.35f, 0.65f, 0.35f, 0.95f, 0.05f, 0.15f, 0.85f];
        Calibration result = Calibration.Of(probabilities, [0, 1, 0, 1], 2, bins: 10);
        Assert.Equal(0.5 * 0.15 + 0.25 * 0.05 + 0.25 * 0.15, result.ExpectedError, 1e-6);
        Assert.Equal(0.15, result.LargestError, 1e-6);
        Assert.Equal(-(Math.Log(0.65) + Math.Log(0.35) + Math.Log(0.95) + Math.Log(0.85)) / 4, result.LogLoss, 1e-6);
        Assert.Equal(2 * (0.35 * 0.35 + 0.65 * 0.65 + 0.05 * 0.05 + 0.15 * 0.15) / 4, result.Brier, 1e-6);
        Assert.Equal(new ReliabilityBin(0.6, 0.7, 2, 0.65f, 0.5), result.Bins[6] with { Confidence = (float)result.Bins[6].Confidence });
        Assert.Equal(4, result.Bins.Sum(bin => bin.Count));
    }

    [Fact]
    public void Of_CertainAndRight_HasNoError()
    {
        Calibration result = Calibration.Of([1, 0, 0, 1], [0, 1], 2);
        Assert.Equal((0, 0, 0, 0), (result.ExpectedError, result.LargestError, result.LogLoss, result.Brier));
        Assert.Equal(2, result.Bins[^1].Count);
    }

    [Fact]
    public void Of_CertainAndWrong_HasAFiniteLoss()
    {
        Calibration result = Calibration.Of([1, 0], [1], 2);
        Assert.Equal(1, result.ExpectedError);
        Assert.True(double.IsFinite(result.LogLoss) && result.LogLoss > 100);
    }

    // Of the samples with a logit ahead by log 4, 80 % are right; by log 9, 90 %: calibrated to the last digit.
    private static (float[] Logits, int[] Labels) Calibrated(float sharpness)
    {
        var logits = new List<float>();
        var labels = new List<int>();
        for (int i = 0; i < 100; i++)
        {
            logits.AddRange([sharpness * MathF.Log(4), 0]);
            labels.Add(i < 80 ? 0 : 1);
            logits.AddRange([0, sharpness * MathF.Log(9)]);
            labels.Add(i < 90 ? 1 : 0);
        }
        return ([.. logits], [.. labels]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0.25f)]
    public void Fit_LogitsMultiplied_FindsTheFactor(float sharpness)
    {
        (float[] logits, int[] labels) = Calibrated(sharpness);
        double temperature = TemperatureScaling.Fit(logits, labels, 2);
        Assert.Equal(sharpness, temperature, 1e-4);
        Calibration after = Calibration.Of(Softmax.Rows(logits, 2, temperature), labels, 2);
        Assert.True(after.ExpectedError < 1e-4, $"ECE {after.ExpectedError}");
        Calibration before = Calibration.Of(Softmax.Rows(logits, 2), labels, 2);
        Assert.True(after.LogLoss <= before.LogLoss + 1e-9);
    }

    [Fact]
    public void Fit_AnyLogits_IsBetterThanItsNeighbours()
    {
        var random = new Random(11);
        float[] logits = [.. Enumerable.Range(0, 900).Select(_ => random.NextSingle() * 6)];
        int[] labels = [.. Enumerable.Range(0, 300).Select(i => random.Next(2) == 0 ? ClassificationMetrics.ArgMax(logits.AsSpan(i * 3, 3)) : random.Next(3))];
        double best = TemperatureScaling.Fit(logits, labels, 3);
        double Loss(double temperature) => Calibration.Of(Softmax.Rows(logits, 3, temperature), labels, 3).LogLoss;
        Assert.True(Loss(best) <= Loss(best * 1.02) && Loss(best) <= Loss(best / 1.02));
    }

    [Fact]
    public void Fit_AlwaysRight_StopsAtTheSmallest() =>
        Assert.Equal(TemperatureScaling.Smallest, TemperatureScaling.Fit([2, 0, 0, 2], [0, 1], 2), 1e-6);

    [Fact]
    public void Softmax_LargeLogits_DoNotOverflow()
    {
        float[] row = Softmax.Rows([1000, 1000, -1000], 3);
        Assert.Equal([0.5f, 0.5f, 0f], row);
        Assert.Equal(1000 + Math.Log(2), Softmax.LogSumExp([1000, 1000]), 1e-9);
    }
}
