using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>
/// Cuts a data set into batches, epoch by epoch: threads of its own read the next ones while the trainer works, into a few
/// batches that are used again and again. Order and content of an epoch depend on seed and epoch only.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private readonly Dataset _dataset;
    private readonly LoaderOptions _options;
    private readonly int _workers;
    private readonly int[] _order;
    private readonly Batch[] _batches;
    private readonly Stack<Batch> _free = new();
    // Batch i of an epoch waits at i modulo the number of buffers: no two of those under way share a place.
    private readonly Batch?[] _ready;
    private readonly object _gate = new();
    private ExceptionDispatchInfo? _failure;
    private bool _stopping;
    private int _next;
    private long _waited;

    /// <summary>Prepares the buffers.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="options">Batch size, order, threads.</param>
    /// <exception cref="DataException">An option makes no sense, or does not fit the data.</exception>
    public BatchLoader(Dataset dataset, LoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (dataset.Count == 0)
        {
            throw new DataException($"{dataset.Name}: has no samples");
        }
        foreach (IBatchAugmentation mixing in options.Mixing)
        {
            mixing.Check(dataset);
        }
        _dataset = dataset;
        _options = options;
        _order = new int[dataset.Count];
        BatchSize = Math.Min(options.BatchSize, dataset.Count);
        int wanted = options.Workers > 0 ? options.Workers : Math.Max(1, Environment.ProcessorCount - 1);
        _workers = Math.Min(wanted, BatchCount);
        // One with the trainer, one with each worker, and those that wait.
        _batches = new Batch[Math.Min(1 + _workers + options.Prefetch, BatchCount + 1)];
        _ready = new Batch?[_batches.Length];
        for (int i = 0; i < _batches.Length; i++)
        {
            _batches[i] = new Batch(BatchSize, dataset, options.Mixing);
            _free.Push(_batches[i]);
        }
    }

    /// <summary>Samples in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in an epoch.</summary>
    public int BatchCount => (_order.Length + BatchSize - 1) / BatchSize;

    /// <summary>How long, in all epochs so far, whoever takes the batches had to wait for one, the first of each epoch included.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(0, _waited);

    /// <summary>
    /// The batches of one epoch. Each is valid until the next one is asked for. One epoch at a time, from one thread.
    /// </summary>
    /// <param name="epoch">Which epoch, from 0.</param>
    /// <param name="firstBatch">Where to begin, to go on after an interruption.</param>
    /// <param name="cancellationToken">Ends the wait for a batch.</param>
    /// <exception cref="DataException">A sample cannot be read.</exception>
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
    }

    private IEnumerable<Batch> Enumerate(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        ulong seed = SplitMix64.Mix(_options.Seed, (ulong)epoch);
        Order(seed);
        _next = firstBatch;
        _stopping = false;
        _failure = null;
        var threads = new Thread[_workers];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => Work(seed)) { IsBackground = true, Name = "batch loader" };
            threads[i].Start();
        }
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static gate =>
        {
            lock (gate!)
            {
                Monitor.PulseAll(gate);
            }
        }, _gate);
        Batch? current = null;
        try
        {
            for (int index = firstBatch; index < BatchCount; index++)
            {
                current = Take(index, cancellationToken);
                yield return current;
                Return(current);
                current = null;
            }
        }
        finally
        {
            Stop(threads, current);
        }
    }

    private Batch Take(int index, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long begin = Stopwatch.GetTimestamp();
        ref Batch? place = ref _ready[index % _ready.Length];
        lock (_gate)
        {
            while (place is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _failure?.Throw();
                Monitor.Wait(_gate);
            }
            Batch batch = place;
            place = null;
            _waited += Stopwatch.GetTimestamp() - begin;
            return batch;
        }
    }

    private void Return(Batch batch)
    {
        batch.DropParts();
        lock (_gate)
        {
            _free.Push(batch);
            Monitor.PulseAll(_gate);
        }
    }

    private void Work(ulong seed)
    {
        while (Claim(out int index) is { } batch)
        {
            try
            {
                int begin = index * BatchSize;
                batch.Fill(_order.AsSpan(begin, Math.Min(BatchSize, _order.Length - begin)), index, seed);
            }
            catch (Exception e)
            {
                // It is thrown again where the batch is asked for.
                lock (_gate)
                {
                    _failure ??= ExceptionDispatchInfo.Capture(e);
                    _free.Push(batch);
                    Monitor.PulseAll(_gate);
                }
                return;
            }
            lock (_gate)
            {
                _ready[index % _ready.Length] = batch;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>A buffer and the next batch's number together, so that the batch which is needed first always has a buffer.</summary>
    private Batch? Claim(out int index)
    {
        lock (_gate)
        {
            while (_free.Count == 0 && !_stopping && _failure is null)
            {
                Monitor.Wait(_gate);
            }
            index = _next;
            if (_stopping || _failure is not null || index >= BatchCount)
            {
                return null;
            }
            _next++;
            return _free.Pop();
        }
    }

    private void Stop(Thread[] threads, Batch? current)
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        if (current is not null)
        {
            Return(current);
        }
        for (int i = 0; i < _ready.Length; i++)
        {
            if (_ready[i] is { } unread)
            {
                _ready[i] = null;
                Return(unread);
            }
        }
    }

    private void Order(ulong seed)
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }
        if (_options.Shuffle)
        {
            new SplitMix64(seed).Shuffle(_order);
        }
    }
}
