using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>
/// Makes one run of the engine of the runs of several sessions that come at about the same time. Whoever comes first waits for the
/// others, for a bounded time, and only where others have run lately; then it runs for all. After warm-up a run allocates nothing.
/// Thread-safe.
/// </summary>
internal sealed class BatchRunner : IDisposable
{
    /// <summary>A session that has not run for so long is not waited for.</summary>
    private static readonly long Lately = Stopwatch.Frequency;

    private readonly object _gate = new();
    private readonly Batch[] _batches;
    private readonly int _capacity;
    private readonly long _patience;
    private readonly List<ModelSession> _sessions = [];
    private int _filling;

    /// <summary>Makes room for two batches: one fills while the other runs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">A session of it, for the shapes.</param>
    /// <param name="capacity">The most runs in one; 2 or more.</param>
    /// <param name="patience">How long the first waits for others.</param>
    /// <exception cref="OnnxRuntimeException">The engine refuses such shapes.</exception>
    internal BatchRunner(LoadedModel model, ModelSession sample, int capacity, TimeSpan patience)
    {
        (_capacity, _patience) = (capacity, (long)(patience.TotalSeconds * Stopwatch.Frequency));
#pragma warning disable CA2000 // Dispose disposes them.
        _batches = [new Batch(model, sample.Inputs, sample.Outputs, capacity), new Batch(model, sample.Inputs, sample.Outputs, capacity)];
#pragma warning restore CA2000
    }

    /// <summary>Runs of the engine so far.</summary>
    internal long Runs { get; private set; }

    /// <summary>A session may run from now on.</summary>
    internal void Join(ModelSession session)
    {
        lock (_gate)
        {
            _sessions.Add(session);
        }
    }

    /// <summary>A session runs no more.</summary>
    internal void Leave(ModelSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
        }
    }

    /// <summary>Computes a session's outputs from its inputs, together with others.</summary>
    /// <exception cref="OnnxRuntimeException">The engine failed, for every run of the batch.</exception>
    internal void Run(ModelSession session)
    {
        Batch batch;
        int place;
        lock (_gate)
        {
            session.LastRun = Stopwatch.GetTimestamp();
            while (_batches[_filling].IsClosed)
            {
                Monitor.Wait(_gate);
            }
            batch = _batches[_filling];
            place = batch.Count++;
            if (batch.Count == _capacity)
            {
                Close(batch);
            }
        }
        batch.Fill(place, session.Inputs);
        lock (_gate)
        {
            batch.Filled++;
            Monitor.PulseAll(_gate);
        }
        if (place == 0)
        {
            Lead(batch);
        }
        lock (_gate)
        {
            while (!batch.IsDone)
            {
                Monitor.Wait(_gate);
            }
        }
        OnnxRuntimeException? error = batch.Error;
        if (error is null)
        {
            batch.Fetch(place, session.Outputs);
        }
        lock (_gate)
        {
            if (++batch.Fetched == batch.Count)
            {
                (batch.Count, batch.Filled, batch.Fetched, batch.IsClosed, batch.IsDone, batch.Error) = (0, 0, 0, false, false, null);
                Monitor.PulseAll(_gate);
            }
        }
        if (error is not null)
        {
            throw error;
        }
    }

    public void Dispose() => Array.ForEach(_batches, batch => batch.Dispose());

    /// <summary>Waits for others, and runs for all.</summary>
    private void Lead(Batch batch)
    {
        int count;
        lock (_gate)
        {
            long end = Stopwatch.GetTimestamp() + _patience;
            while (!batch.IsClosed && batch.Count < Expected() && Stopwatch.GetTimestamp() < end)
            {
                long left = end - Stopwatch.GetTimestamp();
                Monitor.Wait(_gate, TimeSpan.FromSeconds(Math.Max(0, (double)left / Stopwatch.Frequency)));
            }
            if (!batch.IsClosed)
            {
                Close(batch);
            }
            while (batch.Filled < batch.Count)
            {
                Monitor.Wait(_gate);
            }
            count = batch.Count;
        }
        OnnxRuntimeException? error = null;
        try
        {
            batch.Run(count);
        }
        catch (OnnxRuntimeException e)
        {
            error = e;
        }
        lock (_gate)
        {
            Runs++;
            (batch.Error, batch.IsDone) = (error, true);
            Monitor.PulseAll(_gate);
        }
    }

    private void Close(Batch batch)
    {
        batch.IsClosed = true;
        _filling = 1 - _filling;
    }

    /// <summary>How many runs may come: sessions that ran lately.</summary>
    private int Expected()
    {
        long since = Stopwatch.GetTimestamp() - Lately;
        int count = 0;
        foreach (ModelSession session in _sessions)
        {
            count += session.LastRun > since ? 1 : 0;
        }
        return Math.Min(count, _capacity);
    }
}
