using Edge.Training.Data;

namespace Edge.Training.Tests;

public sealed class SplitTests
{
    [Theory]
    [InlineData(1000, 0.2, 0.1)]
    [InlineData(37, 0.5, 0.25)]
    [InlineData(3, 0.01, 0.01)]
    public void Split_Ratios_CutsEverySampleOnceAndEachClassAlike(int count, double validation, double test)
    {
        var data = new MadeDataset(count, classes: 3);
        DatasetSplit split = data.Split(validation, test, seed: 11);
        int[][] parts = [Numbers(split.Train), Numbers(split.Validation!), Numbers(split.Test!)];
        Assert.Equal(Enumerable.Range(0, count), parts.SelectMany(part => part).Order());
        Assert.All(parts, part => Assert.Equal(part.Order(), part));
        Assert.InRange(parts[1].Length, Math.Max(1, (count * validation) - 1), (count * validation) + 1);
        Assert.InRange(parts[2].Length, Math.Max(1, (count * test) - 1), (count * test) + 1);
        for (int c = 0; c < 3; c++)
        {
            int[] one = [.. parts[1].Where(i => i % 3 == c)];
            Assert.InRange(one.Length, (parts[1].Length / 3.0) - 2, (parts[1].Length / 3.0) + 2);
        }
    }

    [Fact]
    public void Split_Groups_StayTogether()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var data = new MadeDataset(300, group: i => i * i % 37);
            DatasetSplit split = data.Split(0.2, 0.2, seed);
            Assert.Empty(Groups(split.Train).Intersect(Groups(split.Validation!)));
            Assert.Empty(Groups(split.Train).Intersect(Groups(split.Test!)));
            Assert.Empty(Groups(split.Validation!).Intersect(Groups(split.Test!)));
            Assert.InRange(split.Validation!.Count, 20, 100);
        }

        IEnumerable<int> Groups(Dataset part) => Numbers(part).Select(i => i * i % 37).Distinct();
    }

    [Fact]
    public void Split_SameContent_StaysOnOneSide()
    {
        // Group i / 10 and content i % 50 tie 0–9, 50–59, 100–109, … together.
        var data = new MadeDataset(200, group: i => i / 10, content: i => i % 50);
        DatasetSplit split = data.Split(0.4, 0, seed: 5);
        Assert.Empty(Content(split.Train).Intersect(Content(split.Validation!)));
        Assert.Equal(200, split.Train.Count + split.Validation!.Count);

        IEnumerable<int> Content(Dataset part) => Numbers(part).Distinct();
    }

    [Fact]
    public void Split_OneGroupOnly_IsRefusedInOneLine()
    {
        var e = Assert.Throws<DataException>(() => new MadeDataset(50, group: _ => 1).Split(0.2, 0, 1));
        Assert.Contains("make only 1", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void KFold_EverySample_IsValidatedOnce()
    {
        var data = new MadeDataset(103, group: i => i / 4);
        IReadOnlyList<DatasetSplit> folds = data.KFold(5, seed: 2);
        Assert.Equal(5, folds.Count);
        Assert.Equal(Enumerable.Range(0, 103), folds.SelectMany(fold => Numbers(fold.Validation!)).Order());
        foreach (DatasetSplit fold in folds)
        {
            Assert.Equal(103, fold.Train.Count + fold.Validation!.Count);
            Assert.Empty(Numbers(fold.Train).Select(i => i / 4).Intersect(Numbers(fold.Validation).Select(i => i / 4)));
        }
        Assert.Equal(Numbers(folds[3].Validation!), Numbers(data.KFold(5, seed: 2)[3].Validation!));
    }

    [Fact]
    public void Split_Validation_IsNotAugmented()
    {
        Dataset data = new MadeDataset(100).Prepare(null, new AddOne());
        DatasetSplit split = data.Split(0.3, 0, 1);
        var train = new SampleBuffer(split.Train);
        var validation = new SampleBuffer(split.Validation!);
        train.Read(0);
        validation.Read(0);
        Assert.Equal(train.Input<long>(1)[0] + 1, train.Input<float>()[0]);
        Assert.Equal(validation.Input<long>(1)[0], validation.Input<float>()[0]);
    }

    [Fact]
    public void Statistics_HandComputed_AgreeAndNormalise()
    {
        ChannelStatistics statistics = ChannelStatistics.Compute(new MadeDataset(5), scale: 0.5f);
        Assert.Equal([1f, 2f, 2.5f], statistics.Mean);
        Assert.Equal(Math.Sqrt(0.5), statistics.Std[0], 1e-6);
        Assert.Equal(Math.Sqrt(2), statistics.Std[1], 1e-6);
        Assert.Equal(1, statistics.Std[2]);
        var sample = new SampleBuffer(new MadeDataset(5).Prepare(statistics.ToNormalization()));
        sample.Read(4);
        Assert.Equal((2 - 1) / Math.Sqrt(0.5), sample.Input<float>()[0], 1e-5);
        Assert.Equal((4 - 2) / Math.Sqrt(2), sample.Input<float>()[1], 1e-5);
    }

    private static int[] Numbers(Dataset part)
    {
        var sample = new SampleBuffer(part);
        var numbers = new int[part.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            sample.Read(i);
            numbers[i] = (int)sample.Input<long>(1)[0];
        }
        return numbers;
    }
}
