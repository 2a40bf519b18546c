using System.Collections.Concurrent;
using Edge.Foundation;
using Edge.Packages;

namespace Edge.Training.Data;

/// <summary>
/// Cuts a data set into batches, epoch by epoch: a thread of its own normalises the next ones while the trainer works, into a
/// few tensors that are used again and again. The order of an epoch depends on seed and epoch only.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private const int Buffers = 3;

    private readonly ImageDataset _dataset;
    private readonly Normalization _normalization;
    private readonly ulong? _seed;
    private readonly int[] _order;
    private readonly BlockingCollection<Batch> _free = new(Buffers);
    private readonly Batch[] _batches = new Batch[Buffers];

    /// <summary>Prepares the buffers.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">Images in a batch.</param>
    /// <param name="normalization">From bytes to floats.</param>
    /// <param name="shuffleSeed">Mixes the images anew every epoch; null keeps their order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is not positive.</exception>
    public BatchLoader(ImageDataset dataset, int batchSize, Normalization normalization, ulong? shuffleSeed = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        _dataset = dataset;
        _normalization = normalization;
        _seed = shuffleSeed;
        _order = new int[dataset.Count];
        BatchSize = Math.Min(batchSize, dataset.Count);
        for (int i = 0; i < Buffers; i++)
        {
            _batches[i] = new Batch(BatchSize, dataset);
            _free.Add(_batches[i]);
        }
    }

    /// <summary>Images in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in an epoch.</summary>
    public int BatchCount => (_dataset.Count + BatchSize - 1) / BatchSize;

    /// <summary>
    /// The batches of one epoch. Each is valid until the next one is asked for. One epoch at a time, from one thread.
    /// </summary>
    /// <param name="epoch">Which epoch, from 0.</param>
    /// <param name="firstBatch">Where to begin, to go on after an interruption.</param>
    /// <param name="cancellationToken">Ends the wait for a batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Enumerate(epoch, firstBatch, cancellationToken);
    }

    /// <summary>Frees the buffers.</summary>
    public void Dispose()
    {
        foreach (Batch batch in _batches)
        {
            batch.Dispose();
        }
        _free.Dispose();
    }

    private IEnumerable<Batch> Enumerate(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        Order(epoch);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ready = new BlockingCollection<Batch>(Buffers);
        Task producer = Task.Factory.StartNew(
            () => Produce(firstBatch, ready, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Batch? current = null;
        try
        {
            foreach (Batch batch in ready.GetConsumingEnumerable(cancellationToken))
            {
                current = batch;
                yield return batch;
                current = null;
                _free.Add(batch, CancellationToken.None);
            }
        }
        finally
        {
            stop.Cancel();
            producer.GetAwaiter().GetResult();
            if (current is not null)
            {
                _free.Add(current, CancellationToken.None);
            }
            while (ready.TryTake(out Batch? unread))
            {
                _free.Add(unread, CancellationToken.None);
            }
        }
    }

    private void Produce(int firstBatch, BlockingCollection<Batch> ready, CancellationToken stop)
    {
        try
        {
            for (int index = firstBatch; index < BatchCount; index++)
            {
                Batch batch = _free.Take(stop);
                int begin = index * BatchSize;
                batch.Fill(_dataset, _normalization, _order.AsSpan(begin, Math.Min(BatchSize, _order.Length - begin)), index);
                // There is room for every buffer, so this never waits.
                ready.Add(batch, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The consumer has left; what it did not take goes back to the free buffers there.
            return;
        }
        finally
        {
            ready.CompleteAdding();
        }
    }

    private void Order(int epoch)
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }
        if (_seed is { } seed)
        {
            new SplitMix64(SplitMix64.Mix(seed, (ulong)epoch)).Shuffle(_order);
        }
    }
}
