using Edge.Foundation;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Service;

/// <summary>
/// Work that takes time and must not overlap (loading models, reading the configuration again), one job after the other on a
/// thread of its own. A job that waits under the same key is not added twice. Nothing that a job throws ends the thread.
/// </summary>
internal sealed class JobQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly LinkedList<(string Key, Action Work)> _jobs = new();
    private readonly Thread _thread;
    private bool _stopping;
    private bool _busy;

    internal JobQueue()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "jobs" };
        _thread.Start();
    }

    /// <summary>Whether nothing waits and nothing is being done.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_busy && _jobs.Count == 0;
            }
        }
    }

    /// <summary>Adds a job, unless one of the same key waits already.</summary>
    internal void Post(string key, Action work)
    {
        lock (_gate)
        {
            foreach ((string waiting, _) in _jobs)
            {
                if (waiting == key)
                {
                    return;
                }
            }
            _jobs.AddLast((key, work));
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the thread after the job that it is at; waiting jobs are forgotten.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join(TimeSpan.FromSeconds(10));
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                Log.Error($"{(e is InputException ? "" : "unexpected ")}{Failure.Describe(e)}");
            }
        }
    }

    private Action? Next()
    {
        lock (_gate)
        {
            _busy = false;
            while (_jobs.Count == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }
            if (_stopping)
            {
                return null;
            }
            Action work = _jobs.First!.Value.Work;
            _jobs.RemoveFirst();
            _busy = true;
            return work;
        }
    }
}
