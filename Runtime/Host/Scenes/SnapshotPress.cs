using Edge.Foundation;
using Edge.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Scenes;

/// <summary>
/// Makes pictures of events on a thread of its own, so that frames do not wait for an encoder. A few wait at most: where the next
/// one finds no place, a live source goes on without it, and others wait.
/// </summary>
internal sealed class SnapshotPress : IDisposable
{
    /// <summary>Takes a JPEG file; false if nobody did.</summary>
    internal delegate bool Publish(ReadOnlySpan<byte> jpeg);

    private const int Places = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly SnapshotJob[] _jobs = new SnapshotJob[Places];
    private readonly SnapshotPainter _painter;
    private readonly SnapshotPlan _plan;
    private readonly Publish _publish;
    private readonly PipelineCounters _stats;
    private readonly Thread _thread;
    private long _taken;
    private long _done;
    private bool _stopping;
    private TimeSpan? _last;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="plan">Which pictures.</param>
    /// <param name="labels">One name a class.</param>
    /// <param name="publish">Gets the pictures, on this press's own thread.</param>
    /// <param name="stats">Counts them.</param>
    internal SnapshotPress(string name, SnapshotPlan plan, IReadOnlyList<string> labels, Publish publish, PipelineCounters stats)
    {
        (_plan, _publish, _stats) = (plan, publish, stats);
        _painter = new SnapshotPainter(plan, labels);
        for (int i = 0; i < Places; i++)
        {
            _jobs[i] = new SnapshotJob();
        }
        _thread = new Thread(Run) { IsBackground = true, Name = $"{name} snapshots" };
        _thread.Start();
    }

    /// <summary>Makes a picture of an event, where the plan wants one.</summary>
    /// <param name="frame">The frame; copied.</param>
    /// <param name="result">What was seen in it.</param>
    /// <param name="happened">The event.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="mayDrop">Whether the picture is left out where too many wait already.</param>
    internal void Offer(Frame frame, FrameResult result, in SceneEvent happened, TimeSpan time, bool mayDrop)
    {
        if (!_plan.Wants(happened.Kind) || time - _last < _plan.Interval)
        {
            return;
        }
        lock (_gate)
        {
            while (_taken - _done == Places && !mayDrop && !_stopping)
            {
                Monitor.Wait(_gate);
            }
            if (_taken - _done == Places || _stopping)
            {
                _stats.CountSnapshot(taken: false);
                return;
            }
        }
        // The place is free until _taken says otherwise, and only this thread says so.
        _jobs[_taken % Places].Take(frame, result, happened.Object, _plan);
        _last = time;
        lock (_gate)
        {
            _taken++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the thread after the pictures that wait.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        if (_thread.Join(Patience))
        {
            _painter.Dispose();
            Array.ForEach(_jobs, job => job.Dispose());
        }
    }

    private void Run()
    {
        while (Next() is { } job)
        {
            try
            {
                _stats.CountSnapshot(_publish(_painter.Paint(job)));
            }
            catch (InputException e)
            {
                _stats.CountSnapshot(taken: false);
                _stats.LogSpoilt($"snapshot: {Log.OneLine(e.Message)}");
            }
            lock (_gate)
            {
                _done++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private SnapshotJob? Next()
    {
        lock (_gate)
        {
            while (_taken == _done && !_stopping)
            {
                Monitor.Wait(_gate);
            }
            return _taken == _done ? null : _jobs[_done % Places];
        }
    }
}
