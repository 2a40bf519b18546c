using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sinks;
using Edge.Runtime.Sources;
using Edge.Runtime.Updates;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// A source, a model and sinks. Workers take frames in turn, look at them side by side, and hand results on in the order of the
/// frames. After warm-up a frame allocates nothing on the managed heap. Other threads may pause it and change its model, its
/// source, its sinks and its threshold between two frames.
/// </summary>
internal sealed partial class Pipeline : IDisposable
{
    private readonly SlotRing _ring;
    private readonly Outlet _outlet;
    private readonly Door _door;
    private readonly Thread[] _threads;
    private readonly Worker[] _workers;
    private readonly IFeed _feed;
    private readonly Backoff _modelBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), new Random());
    private readonly Sleep _sleep = new(TimeProvider.System);
    private readonly Lock _work = new();
    private readonly object _intake = new();
    private bool _isEnabled;
    private volatile LiveComparison? _comparison;
    private int _running;
    private bool _ended;
    private bool _isThrough;
    private volatile bool _stopping;

    /// <summary>Makes a pipeline; nothing is opened and nothing runs.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <param name="workers">Frames that are worked on at the same time.</param>
    /// <param name="sinks">Where results go; owned by the pipeline.</param>
    /// <param name="firstResult">Told of the first result.</param>
    internal Pipeline(PipelineConfig config, int workers, IReadOnlyList<IResultSink> sinks, FirstResult firstResult)
    {
        PackagePath = config.Package;
        Quarantine = new Quarantine(config.Quarantine, TimeProvider.System);
        Stats = new PipelineCounters();
        Threshold = config.Threshold;
        _outlet = new Outlet(Stats, sinks, firstResult) { Config = config };
        _isEnabled = config.Enabled;
        _sleep.Set(config.Trigger is not null);
        _door = new Door(Quarantine, IsAtWork);
#pragma warning disable CA2000 // The feed disposes it.
        var source = new SupervisedSource(config.Name, config.Source);
#pragma warning restore CA2000
        _feed = config.Source.IsLive ? new LiveFeed(config.Name, source) : new PullFeed(source);
        _ring = new SlotRing(workers);
        _workers = new Worker[workers];
        _threads = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            var worker = new Worker(i, config.Name);
            _workers[i] = worker;
            _threads[i] = new Thread(() => Run(worker)) { IsBackground = true, Name = workers == 1 ? config.Name : $"{config.Name} {i + 1}" };
        }
        if (!IsAtWork)
        {
            _feed.Pause(true);
        }
    }

    /// <summary>Raised once, by a worker, when the source is through and every result handed on.</summary>
    internal event Action? Ended;

    /// <summary>What the pipeline was made from; replaced when a change needs no new pipeline.</summary>
    internal PipelineConfig Config
    {
        get => _outlet.Config;
        set => _outlet.Config = value;
    }

    internal string Name => Config.Name;

    internal PipelineCounters Stats { get; }

    internal Quarantine Quarantine { get; }

    internal IFeed Feed => _feed;

    internal int Workers => _workers.Length;

    /// <summary>Results below this are left out; null for the model's own.</summary>
    internal double? Threshold { get; set; }

    internal bool IsEnabled => Volatile.Read(ref _isEnabled);

    /// <summary>What the readings of this pipeline wake; null for nothing.</summary>
    internal Triggers? Triggers { get; init; }

    private bool IsAtWork => IsEnabled && !_sleep.IsAsleep;

    /// <summary>Whether the source is through and every result handed on, or the pipeline was stopped.</summary>
    internal bool HasEnded => Volatile.Read(ref _isThrough);

    internal PipelineModel? Model => _door.Model;

    /// <summary>The package that the pipeline uses, or is to use.</summary>
    internal string PackagePath { get; set; }

    /// <summary>Looks at frames beside the pipeline's model; null for nobody, which costs a frame nothing.</summary>
    internal LiveComparison? Comparison
    {
        get => _comparison;
        set => _comparison = value;
    }

    /// <summary>Why there is no model, or why it was not changed for another; null where all is well.</summary>
    internal string? ModelError { get; set; }

    /// <summary>When a model that could not be loaded is tried again (<see cref="Environment.TickCount64"/>).</summary>
    internal long RetryAt { get; private set; }

    internal PipelineState State => Volatile.Read(ref _ended) ? PipelineState.Ended
        : !IsEnabled ? PipelineState.Paused
        : _sleep.IsAsleep ? PipelineState.Asleep
        : Quarantine.IsActive ? PipelineState.Quarantined
        : Model is null ? PipelineState.Failed
        : _feed.Source.IsOpen ? PipelineState.Running
        : PipelineState.Waiting;

    /// <summary>Where every thread of the pipeline stands.</summary>
    internal IEnumerable<Pulse> Pulses()
    {
        if (_feed.Pulse is { } pulse)
        {
            yield return pulse;
        }
        foreach (Worker worker in _workers)
        {
            yield return worker.Pulse;
        }
    }

    internal void Start()
    {
        _running = _workers.Length;
        Stats.Start();
        _feed.Start();
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
        // Beside the first frames, which need not wait for it.
        new Thread(() => FirstMeeting.At(_intake, _ring.Gate, _door.Gate, Stats.Gate)) { IsBackground = true }.Start();
    }

    /// <summary>Pauses or goes on. A live source is closed meanwhile, others wait where they are.</summary>
    internal void Enable(bool enabled)
    {
        lock (_work)
        {
            Volatile.Write(ref _isEnabled, enabled);
            GoToWork();
        }
    }

    /// <summary>Wakes the pipeline for as long as its trigger says, or keeps it awake longer.</summary>
    internal void Wake()
    {
        if (Config.Trigger is { } trigger && _sleep.Wake(TimeSpan.FromSeconds(trigger.Seconds)))
        {
            lock (_work)
            {
                GoToWork();
            }
        }
    }

    /// <summary>Waits for the trigger of the configuration, or for none, from here on.</summary>
    internal void Retrigger()
    {
        lock (_work)
        {
            _sleep.Set(Config.Trigger is not null);
            GoToWork();
        }
    }

    private void GoToWork()
    {
        _feed.Pause(!IsAtWork);
        _door.Enable(IsAtWork);
    }

    /// <summary>Uses another model from the next frame on; frames on their way keep theirs. Takes the model over.</summary>
    internal void Use(PipelineModel model) => _door.Use(model);

    /// <summary>Lets workers look again whether they may take frames.</summary>
    internal void OpenDoor() => _door.Look();

    /// <summary>The model could not be loaded: it is tried again later.</summary>
    internal void Delay(string reason)
    {
        ModelError = reason;
        RetryAt = Environment.TickCount64 + (long)_modelBackoff.Next().TotalMilliseconds;
    }

    /// <summary>Hands results to other sinks from the next one on, and closes the old ones.</summary>
    internal void Replace(IReadOnlyList<IResultSink> sinks)
    {
        IReadOnlyList<IResultSink> old;
        lock (_ring.Gate)
        {
            old = _outlet.Replace(sinks);
        }
        Outlet.Close(old);
    }

    /// <summary>Looks after what no frame does: called about once a second.</summary>
    internal void Tend()
    {
        if (_sleep.TryFallAsleep())
        {
            lock (_work)
            {
                GoToWork();
            }
        }
        // Whoever holds it hands a frame on, so that there is nothing to look after.
        if (Monitor.TryEnter(_ring.Gate))
        {
            try
            {
                _outlet.Tend();
            }
            finally
            {
                Monitor.Exit(_ring.Gate);
            }
        }
    }

    /// <summary>Ends taking frames; those on their way are handed on.</summary>
    internal void Stop()
    {
        _stopping = true;
        _feed.Stop();
        _door.Close();
        _ring.Stop();
    }

    /// <summary>Waits for the workers.</summary>
    internal bool Join(TimeSpan patience)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        foreach (Thread thread in _threads)
        {
            if (thread.IsAlive && !thread.Join((int)Math.Max(0, deadline - Environment.TickCount64)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Managed bytes a frame, over all threads; null before they are warm.</summary>
    internal double? AllocatedBytesPerFrame()
    {
        long frames = 0;
        long bytes = 0;
        foreach (Worker worker in _workers)
        {
            frames += worker.Allocations.Frames;
            bytes += worker.Allocations.Bytes;
        }
        if (_feed is LiveFeed { Allocations: { Frames: > 0 } source })
        {
            bytes += source.Bytes * frames / source.Frames;
        }
        return frames > 0 ? (double)bytes / frames : null;
    }

    /// <summary>Gives everything back. A pipeline that does not stop keeps what it has.</summary>
    public void Dispose()
    {
        Stop();
        if (!Join(TimeSpan.FromSeconds(2)))
        {
            Log.Error($"pipeline {Name}: a worker does not stop: its memory is left behind");
            return;
        }
        _feed.Dispose();
        _outlet.Dispose();
        _door.Use(null);
        _ring.Dispose();
    }
}
