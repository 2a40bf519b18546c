using Edge.Imaging;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// The newest frame of a source that does not wait: a thread of its own takes frames as they come, and one that nobody has
/// fetched is pushed out by the next and counted.
/// </summary>
internal sealed class LiveFeed : IFeed
{
    private readonly object _gate = new();
    private readonly Thread _thread;
    private Frame _arriving = new();
    private Frame _newest = new();
    private long _given;
    private long _dropped;
    private bool _hasNewest;
    private bool _isPaused;
    private bool _ended;

    internal LiveFeed(string owner, SupervisedSource source)
    {
        Source = source;
        Pulse = new Pulse($"source of {owner}");
        _thread = new Thread(Run) { IsBackground = true, Name = $"{owner} source" };
    }

    public long Given => Interlocked.Read(ref _given);

    public long Dropped => Interlocked.Read(ref _dropped);

    public SupervisedSource Source { get; }

    public Pulse Pulse { get; }

    /// <summary>Managed bytes that a frame costs the source's thread.</summary>
    internal AllocationMeter Allocations { get; } = new();

    public void Start() => _thread.Start();

    public void Pause(bool paused)
    {
        Source.Pause(paused);
        lock (_gate)
        {
            _isPaused = paused;
            _hasNewest &= !paused;
        }
    }

    public bool Take(Slot slot, Pulse pulse)
    {
        pulse.Leave();
        // A frame of a camera that waited here for the next one would keep a camera that broke off from being opened again.
        slot.Frame.Release();
        lock (_gate)
        {
            while (!_hasNewest && !_ended)
            {
                Monitor.Wait(_gate);
            }
            if (!_hasNewest)
            {
                return false;
            }
            (slot.Frame, _newest) = (_newest, slot.Frame);
            _hasNewest = false;
            return true;
        }
    }

    public void Stop()
    {
        Source.Stop();
        lock (_gate)
        {
            (_ended, _hasNewest) = (true, false);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for the source's thread; a source that hangs for good is left behind.</summary>
    public void Dispose()
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) || _thread.Join(TimeSpan.FromSeconds(2)))
        {
            Source.Dispose();
            _arriving.Dispose();
            _newest.Dispose();
        }
    }

    private void Run()
    {
        while (Next())
        {
            lock (_gate)
            {
                Interlocked.Increment(ref _given);
                if (_hasNewest)
                {
                    Interlocked.Increment(ref _dropped);
                }
                (_arriving, _newest) = (_newest, _arriving);
                // A picture from before a pause is not what is there behind it.
                _hasNewest = !_ended && !_isPaused;
                Monitor.PulseAll(_gate);
            }
            Allocations.Count();
        }
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool Next()
    {
        while (true)
        {
            try
            {
                return Source.Next(_arriving, Pulse);
            }
            catch (ImageException e)
            {
                // A file among live frames: it is the source's failure, and the source goes on.
                Reporting.Log.Warning($"{Pulse.Owner}: {e.Message}");
            }
        }
    }
}
