using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class BatchLoaderTests
{
    private static readonly LoaderOptions Options = new() { BatchSize = 7, Shuffle = true, Seed = 9 };

    [Fact]
    public void Epoch_AnyNumberOfWorkers_GivesTheSameBits()
    {
        Dataset data = new MadeDataset(100).Prepare(null, new AddOne());
        List<string> expected = Read(data, Options with { Workers = 1, Prefetch = 1 });
        Assert.Equal(15, expected.Count);
        Assert.Equal(15, expected.Distinct().Count());
        foreach (int workers in new[] { 2, 5, 40 })
        {
            Assert.Equal(expected, Read(data, Options with { Workers = workers }));
        }
        Assert.Equal(expected[6..], Read(data, Options with { Workers = 3 }, firstBatch: 6));
        Assert.NotEqual(expected, Read(data, Options, epoch: 1));
        Assert.NotEqual(expected, Read(data, Options with { Seed = 10 }));
    }

    [Fact]
    public void Epoch_SeveralFields_AreTensorsOfTheirOwn()
    {
        using var loader = new BatchLoader(new MadeDataset(10), new LoaderOptions { BatchSize = 4, Workers = 2 });
        int seen = 0;
        foreach (Batch batch in loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Equal([batch.Count, 3], batch.Input(0).Shape);
            Assert.Equal([batch.Count], batch.Input(1).Shape);
            Assert.Equal(Enumerable.Range(seen, batch.Count).Select(i => (long)i), batch.Input(1).ToArray<long>());
            Assert.Equal(batch.Classes.ToArray(), batch.Target.ToArray<long>());
            seen += batch.Count;
        }
        Assert.Equal(10, seen);
        Assert.True(loader.Waited > TimeSpan.Zero);
    }

    [Fact]
    public void Epoch_SampleCannotBeRead_ThrowsWhatTheWorkerThrew()
    {
        using var loader = new BatchLoader(new MadeDataset(100) { FailsAt = 57 }, new LoaderOptions { BatchSize = 5, Workers = 3 });
        for (int i = 0; i < 3; i++)
        {
            var e = Assert.Throws<DataException>(() => loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken).Count());
            Assert.Equal("sample 57 is damaged", e.Message);
        }
        Assert.Equal(8, loader.Epoch(0, firstBatch: 12, TestContext.Current.CancellationToken).Count());
    }

    [Fact]
    public void Epoch_Cancelled_Throws()
    {
        using var loader = new BatchLoader(new MadeDataset(100), Options);
        using var stop = new CancellationTokenSource();
        int seen = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (Batch _ in loader.Epoch(0, cancellationToken: stop.Token))
            {
                if (++seen == 3)
                {
                    stop.Cancel();
                }
            }
        });
        Assert.Equal(3, seen);
    }

    [Fact]
    public void Epoch_Steps_AllocateNothing()
    {
        using var loader = new BatchLoader(new MadeDataset(8 * 64).Prepare(null, new AddOne()), new LoaderOptions { BatchSize = 8, Workers = 1 });
        using IEnumerator<Batch> batches = loader.Epoch(0, cancellationToken: TestContext.Current.CancellationToken).GetEnumerator();
        Advance();
        Assert.Equal(0, Allocations.Of(Advance));

        // What a worker does.
        var sample = new SampleBuffer(TestData.Pictures(5).Prepare(Edge.Packages.Normalization.Unit(1), new AddOne()));
        sample.Read(0);
        Assert.Equal(0, Allocations.Of(() => sample.Read(3)));

        void Advance()
        {
            for (int i = 0; i < 8; i++)
            {
                batches.MoveNext();
            }
        }
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<DataException>(() => new BatchLoader(new MadeDataset(5), Options with { BatchSize = 0 }));
        Assert.Throws<DataException>(() => new BatchLoader(new MadeDataset(5), Options with { Workers = -1 }));
        Assert.Throws<DataException>(() => new BatchLoader(new MadeDataset(5), Options with { Prefetch = 0 }));
        Assert.Throws<DataException>(() => new BatchLoader(new MadeDataset(0), Options));
    }

    private static List<string> Read(Dataset data, LoaderOptions options, int epoch = 0, int firstBatch = 0)
    {
        using var loader = new BatchLoader(data, options);
        var batches = new List<string>();
        foreach (Batch batch in loader.Epoch(epoch, firstBatch, TestContext.Current.CancellationToken))
        {
            batches.Add(string.Join(' ', batch.Input(0).ToArray<float>()) + string.Join(' ', batch.Input(1).ToArray<long>()) + string.Join(' ', batch.Classes.ToArray()));
        }
        return batches;
    }
}
