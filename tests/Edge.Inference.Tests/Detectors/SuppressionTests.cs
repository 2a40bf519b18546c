using Edge.Foundation;
using Edge.Packages;

namespace Edge.Inference.Tests.Detectors;

public sealed class SuppressionTests
{
    private static readonly Candidate[] TwoClasses =
        [new(0, 0, 10, 10, 0, 0.9f, 0), new(0, 0, 10, 9, 1, 0.8f, 1), new(0, 0, 10, 8, 0, 0.7f, 2), new(50, 50, 60, 60, 0, 0.6f, 3)];

    [Fact]
    public void Run_PerClass_DropsOverlapsOfTheSameClass() => Assert.Equal([0, 1, 3], Kept(SuppressionKind.PerClass, 0.5f));

    [Fact]
    public void Run_Agnostic_DropsOverlapsOfAnyClass() => Assert.Equal([0, 3], Kept(SuppressionKind.Agnostic, 0.5f));

    [Fact]
    public void Run_ThresholdOne_KeepsEverything() => Assert.Equal([0, 1, 2, 3], Kept(SuppressionKind.PerClass, 1));

    [Fact]
    public void Run_Soft_LowersScoresAndSortsAnew()
    {
        var kept = new Candidate[10];
        int count = new Suppression(SuppressionKind.Soft, 0.5f).Run([.. TwoClasses], kept, 0.1f);
        Assert.Equal([0, 1, 3, 2], kept.Take(count).Select(c => c.Order));
        Assert.Equal(0.7f * MathF.Exp(-0.8f * 0.8f / 0.5f), kept[3].Score, 1e-6f);
        Assert.Equal(3, new Suppression(SuppressionKind.Soft, 0.5f).Run([.. TwoClasses], kept, 0.5f));
    }

    [Theory]
    [InlineData(SuppressionKind.PerClass)]
    [InlineData(SuppressionKind.Agnostic)]
    public void Run_RandomBoxes_AgreesWithTheDefinition(SuppressionKind kind)
    {
        var random = new SplitMix64(9);
        for (int round = 0; round < 50; round++)
        {
            Candidate[] boxes =
            [
                .. Enumerable.Range(0, 60).Select(i =>
                {
                    float x = random.Below(40), y = random.Below(40);
                    return new Candidate(x, y, x + 5 + random.Below(30), y + 5 + random.Below(30), random.Below(3), random.Below(20) / 20f, i);
                }).Order(Comparer<Candidate>.Create(Candidate.SurestFirst)),
            ];
            var kept = new Candidate[100];
            int count = new Suppression(kind, 0.4f).Run(boxes, kept, 0);
            var expected = new List<Candidate>();
            foreach (Candidate box in boxes)
            {
                if (!expected.Exists(k => (kind == SuppressionKind.Agnostic || k.Class == box.Class) && box.Overlap(k) > 0.4f))
                {
                    expected.Add(box);
                }
            }
            Assert.Equal(expected, kept.Take(count));
        }
    }

    [Fact]
    public void Find_ColumnMaximum_AgreesWithTheDefinition()
    {
        var random = new SplitMix64(4);
        foreach (int columns in (int[])[0, 1, 7, 13, 127, 128, 4097])
        {
            float[] rows = [.. Enumerable.Range(0, 5 * columns).Select(_ => random.Below(9) == 0 ? float.NaN : random.Below(4))];
            var best = new float[columns];
            var index = new int[columns];
            ColumnMaximum.Find(rows, best, index);
            for (int i = 0; i < columns; i++)
            {
                float[] column = [.. Enumerable.Range(0, 5).Select(r => rows[(r * columns) + i])];
                float expected = column.Where(v => !float.IsNaN(v)).DefaultIfEmpty(float.NegativeInfinity).Max();
                Assert.Equal((expected, Math.Max(Array.IndexOf(column, expected), 0)), (best[i], index[i]));
            }
        }
    }

    private static int[] Kept(SuppressionKind kind, float threshold)
    {
        var kept = new Candidate[10];
        int count = new Suppression(kind, threshold).Run([.. TwoClasses], kept, 0);
        return [.. kept.Take(count).Select(c => c.Order)];
    }
}
