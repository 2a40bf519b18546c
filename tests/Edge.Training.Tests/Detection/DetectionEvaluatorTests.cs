using Edge.Foundation;
using Edge.Training.Metrics;

namespace Edge.Training.Tests.Detection;

public sealed class DetectionEvaluatorTests
{
    private const double Exact = 1e-12;

    [Fact]
    public void Compute_EverythingFoundExactly_IsOne()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 20, 20), True(100, 0, 50, 50), True(200, 0, 200, 200, classNumber: 3)],
            [Found(0, 0, 20, 20, 0.9), Found(100, 0, 50, 50, 0.2), Found(200, 0, 200, 200, 0.5, classNumber: 3)]);
        DetectionMetrics metrics = evaluator.Compute();
        double?[] all = [metrics.Ap, metrics.Ap50, metrics.Ap75, metrics.ApSmall, metrics.ApMedium, metrics.ApLarge,
            metrics.Ar10, metrics.Ar100, metrics.ArSmall, metrics.ArMedium, metrics.ArLarge];
        Assert.All(all, v => Assert.Equal(1, v!.Value, Exact));
        // Two of a class in one picture, but only one box allowed.
        Assert.Equal((0.5 + 1) / 2, metrics.Ar1!.Value, Exact);
        Assert.Equal([(0, 2), (3, 1)], metrics.Classes.Select(c => (c.Class, c.Truths)));
    }

    [Fact]
    public void Compute_OverlapOf08_CountsAtSevenOfTenThresholds()
    {
        var evaluator = new DetectionEvaluator();
        // 8 of 10 columns shared and nothing besides: overlap 0.8, which passes 0.50 to 0.80.
        evaluator.Add([True(0, 0, 100, 100)], [Found(0, 0, 80, 100, 0.9)]);
        DetectionMetrics metrics = evaluator.Compute();
        Assert.Equal(0.7, metrics.Ap!.Value, Exact);
        Assert.Equal((1.0, 1.0), (metrics.Ap50!.Value, metrics.Ap75!.Value));
    }

    [Fact]
    public void Compute_FalseBoxAboveTheTrueOne_HalvesPrecision()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 100, 100)], [Found(500, 500, 100, 100, 0.9), Found(0, 0, 100, 100, 0.8)]);
        Assert.Equal(0.5, evaluator.Compute().Ap!.Value, Exact);
    }

    [Fact]
    public void Compute_FalseBoxBelowTheTrueOne_CostsNothing()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 100, 100)], [Found(500, 500, 100, 100, 0.7), Found(0, 0, 100, 100, 0.8)]);
        Assert.Equal(1, evaluator.Compute().Ap!.Value, Exact);
    }

    [Fact]
    public void Compute_Duplicates_AreFalse()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 100, 100), True(300, 0, 100, 100)],
            [Found(0, 0, 100, 100, 0.9), Found(0, 0, 100, 100, 0.8), Found(300, 0, 100, 100, 0.7)]);
        // Recall 0.5 at precision 1 (51 recalls from 0 to 0.50), then recall 1 at precision 2/3 (50 recalls).
        Assert.Equal((51 + (50 * 2.0 / 3)) / 101, evaluator.Compute().Ap!.Value, Exact);
    }

    [Fact]
    public void Compute_TrueBoxMissed_EndsTheCurve()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 100, 100), True(300, 0, 100, 100)], [Found(0, 0, 100, 100, 0.9)]);
        DetectionMetrics metrics = evaluator.Compute();
        Assert.Equal(51.0 / 101, metrics.Ap!.Value, Exact);
        Assert.Equal(0.5, metrics.Ar100!.Value, Exact);
    }

    [Fact]
    public void Compute_EqualScores_KeepTheOrderOfThePictures()
    {
        static double Ap(bool isFalseFirst)
        {
            var evaluator = new DetectionEvaluator();
            Action[] pictures =
            [
                () => evaluator.Add([], [Found(0, 0, 50, 50, 0.5)]),
                () => evaluator.Add([True(0, 0, 50, 50)], [Found(0, 0, 50, 50, 0.5)]),
            ];
            foreach (Action picture in isFalseFirst ? pictures : pictures.Reverse())
            {
                picture();
            }
            return evaluator.Compute().Ap!.Value;
        }
        Assert.Equal((0.5, 1.0), (Ap(isFalseFirst: true), Ap(isFalseFirst: false)));
    }

    [Fact]
    public void Compute_BoxesInACrowd_CountNeitherWay()
    {
        var evaluator = new DetectionEvaluator();
        TrueBox crowd = True(0, 0, 400, 400) with { IsCrowd = true };
        evaluator.Add([crowd, True(600, 0, 100, 100)],
            [Found(10, 10, 50, 50, 0.95), Found(100, 100, 50, 50, 0.94), Found(600, 0, 100, 100, 0.9)]);
        DetectionMetrics metrics = evaluator.Compute();
        Assert.Equal(1, metrics.Ap!.Value, Exact);
        Assert.Equal(1, metrics.Classes[0].Truths);
    }

    [Fact]
    public void Compute_CrowdAndObjectOverlap_TheObjectIsTakenFirst()
    {
        var evaluator = new DetectionEvaluator();
        TrueBox crowd = True(0, 0, 400, 400) with { IsCrowd = true };
        // The found box lies wholly in the crowd, and overlaps the object by less than that: the object still has it.
        evaluator.Add([crowd, True(0, 0, 100, 100)], [Found(0, 0, 100, 90, 0.9)]);
        Assert.Equal(1, evaluator.Compute().Ap50!.Value, Exact);
    }

    [Fact]
    public void Compute_ClassWithoutTruth_IsLeftOut()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 100, 100)], [Found(0, 0, 100, 100, 0.9), Found(0, 0, 100, 100, 0.9, classNumber: 1)]);
        DetectionMetrics metrics = evaluator.Compute();
        Assert.Equal(1, metrics.Ap!.Value, Exact);
        Assert.Equal([0], metrics.Classes.Select(c => c.Class));
    }

    [Fact]
    public void Compute_Nothing_HasNoFigures()
    {
        DetectionMetrics metrics = new DetectionEvaluator().Compute();
        Assert.Equal((null, null, 0), (metrics.Ap, metrics.ArLarge, metrics.Classes.Count));
    }

    [Fact]
    public void Compute_AreaOnTheBorder_BelongsToBothSizes()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 32, 32)], [Found(0, 0, 32, 32, 0.9)]);
        DetectionMetrics metrics = evaluator.Compute();
        Assert.Equal((1.0, 1.0, null), (metrics.ApSmall!.Value, metrics.ApMedium!.Value, metrics.ApLarge));
    }

    [Fact]
    public void Compute_SmallFalseBox_DoesNotCountAgainstLargeObjects()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 200, 200)], [Found(500, 500, 20, 20, 0.95), Found(0, 0, 200, 200, 0.9)]);
        DetectionMetrics metrics = evaluator.Compute();
        Assert.Equal((0.5, 1.0), (metrics.Ap!.Value, metrics.ApLarge!.Value));
    }

    [Fact]
    public void Compute_BoxesThatAreNoNumbers_ArePassedOver()
    {
        var evaluator = new DetectionEvaluator();
        evaluator.Add([True(0, 0, 100, 100)],
            [Found(double.NaN, 0, 100, 100, 0.99), Found(0, 0, 100, 100, double.NaN), Found(0, 0, double.PositiveInfinity, 1, 1), Found(0, 0, 100, 100, 0.9)]);
        Assert.InRange(evaluator.Compute().Ap!.Value, 0.5, 1);
    }

    [Fact]
    public void Compute_ScoresMappedMonotonely_StaysTheSame()
    {
        var random = new SplitMix64(5);
        var plain = new DetectionEvaluator();
        var mapped = new DetectionEvaluator();
        for (int picture = 0; picture < 30; picture++)
        {
            TrueBox[] truth = [.. Enumerable.Range(0, 5).Select(_ => True(random.Below(300), random.Below(300), 10 + random.Below(120), 10 + random.Below(120), random.Below(3)))];
            FoundBox[] found = [.. truth.Select(t => Found(t.Box.X + random.Below(9), t.Box.Y, t.Box.Width, t.Box.Height, random.NextDouble(), random.Below(4)))];
            plain.Add(truth, found);
            mapped.Add(truth, [.. found.Select(f => f with { Score = Math.Exp(3 * f.Score) })]);
        }
        Assert.Equal(plain.Compute().Ap, mapped.Compute().Ap);
        Assert.InRange(plain.Compute().Ap!.Value, 0.01, 0.9);
    }

    [Fact]
    public void Add_ToTheConfusion_CountsPairsMissesAndFalseBoxes()
    {
        var confusion = new DetectionConfusion(3);
        confusion.Add(
            [True(0, 0, 100, 100), True(200, 0, 100, 100, 1), True(400, 0, 100, 100, 2), True(0, 500, 300, 300) with { IsCrowd = true }],
            [Found(0, 0, 100, 100, 0.9, 0), Found(200, 0, 100, 95, 0.8, 2), Found(600, 0, 50, 50, 0.7, 1), Found(400, 0, 100, 100, 0.1, 2), Found(10, 510, 50, 50, 0.9, 0)]);
        Assert.Equal(
            (1L, 1L, 1L, 1L, 0L),
            (confusion[0, 0], confusion[1, 2], confusion[confusion.Background, 1], confusion[2, confusion.Background], confusion[confusion.Background, 0]));
    }

    private static TrueBox True(double x, double y, double width, double height, int classNumber = 0) =>
        TrueBox.Of(new PixelBox(x, y, width, height), classNumber);

    private static FoundBox Found(double x, double y, double width, double height, double score, int classNumber = 0) =>
        new(new PixelBox(x, y, width, height), classNumber, score);
}
