using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Inference;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sinks;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// A source, a model and sinks. Workers take frames in turn, look at them side by side, and hand results on in the order of the
/// frames. After warm-up a frame allocates nothing on the managed heap. Other threads may pause it and change its model, its
/// source, its sinks and its threshold between two frames.
/// </summary>
internal sealed class Pipeline : IDisposable
{
    /// <summary>So many undecodable frames in a row from a stream mean that it is out of step: it is opened again.</summary>
    private const int RubbishInARow = 10;

    private readonly Slot[] _slots;
    private readonly Thread[] _threads;
    private readonly Worker[] _workers;
    private readonly IFeed _feed;
    private readonly Backoff _modelBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), new Random());
    private readonly FirstResult _firstResult;
    private readonly object _intake = new();
    private readonly object _emission = new();
    private readonly object _door = new();
    private PipelineModel? _model;
    private IReadOnlyList<IResultSink> _sinks;
    private long _taken;
    private long _emitted;
    private long _lastSignature = long.MinValue;
    private int _rubbish;
    private int _running;
    private bool _enabled;
    private bool _ended;
    private volatile bool _stopping;

    /// <summary>Makes a pipeline; nothing is opened and nothing runs.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <param name="workers">Frames that are worked on at the same time.</param>
    /// <param name="sinks">Where results go; owned by the pipeline.</param>
    /// <param name="firstResult">Told of the first result.</param>
    internal Pipeline(PipelineConfig config, int workers, IReadOnlyList<IResultSink> sinks, FirstResult firstResult)
    {
        Config = config;
        PackagePath = config.Package;
        _sinks = sinks;
        _firstResult = firstResult;
        _enabled = config.Enabled;
        Quarantine = new Quarantine(config.Quarantine, TimeProvider.System);
        Stats = new PipelineCounters();
        Threshold = config.Threshold;
#pragma warning disable CA2000 // The feed disposes it.
        var source = new SupervisedSource(config.Name, config.Source);
#pragma warning restore CA2000
        _feed = config.Source.IsLive ? new LiveFeed(config.Name, source) : new PullFeed(source);
        // One place more than workers, so that a slow frame does not hold up the others at once.
        _slots = new Slot[workers == 1 ? 1 : workers * 2];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new Slot();
        }
        _workers = new Worker[workers];
        _threads = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            var worker = new Worker(i, config.Name);
            _workers[i] = worker;
            _threads[i] = new Thread(() => Run(worker)) { IsBackground = true, Name = workers == 1 ? config.Name : $"{config.Name} {i + 1}" };
        }
        if (!_enabled && config.Source.IsLive)
        {
            _feed.Source.Pause(true);
        }
    }

    /// <summary>Raised once, by a worker, when the source is through and every result handed on.</summary>
    internal event Action? Ended;

    /// <summary>What the pipeline was made from; replaced when a change needs no new pipeline.</summary>
    internal PipelineConfig Config { get; set; }

    internal string Name => Config.Name;

    internal PipelineCounters Stats { get; }

    internal Quarantine Quarantine { get; }

    internal IFeed Feed => _feed;

    internal int Workers => _workers.Length;

    /// <summary>Results below this are left out; null for the model's own.</summary>
    internal double? Threshold { get; set; }

    internal bool IsEnabled => Volatile.Read(ref _enabled);

    /// <summary>Whether the source is through and every result handed on, or the pipeline was stopped.</summary>
    internal bool HasEnded => Volatile.Read(ref _running) == 0 && Volatile.Read(ref _ended);

    internal PipelineModel? Model => Volatile.Read(ref _model);

    /// <summary>The package that the pipeline uses, or is to use.</summary>
    internal string PackagePath { get; set; }

    /// <summary>Why there is no model, or why it was not changed for another; null where all is well.</summary>
    internal string? ModelError { get; set; }

    /// <summary>When a model that could not be loaded is tried again (<see cref="Environment.TickCount64"/>).</summary>
    internal long RetryAt { get; private set; }

    internal PipelineState State => Volatile.Read(ref _ended) ? PipelineState.Ended
        : !IsEnabled ? PipelineState.Paused
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
    }

    /// <summary>Pauses or goes on. A live source is closed meanwhile, others wait where they are.</summary>
    internal void Enable(bool enabled)
    {
        Volatile.Write(ref _enabled, enabled);
        if (Config.Source.IsLive)
        {
            _feed.Source.Pause(!enabled);
        }
        OpenDoor();
    }

    /// <summary>Uses another model from the next frame on; frames on their way keep theirs. Takes the model over.</summary>
    internal void Use(PipelineModel model)
    {
        PipelineModel? old;
        lock (_door)
        {
            (old, _model) = (_model, model);
        }
        old?.Leave();
        OpenDoor();
    }

    /// <summary>Lets workers look again whether they may take frames.</summary>
    internal void OpenDoor()
    {
        lock (_door)
        {
            Monitor.PulseAll(_door);
        }
    }

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
        lock (_emission)
        {
            (old, _sinks) = (_sinks, sinks);
        }
        Close(old);
    }

    /// <summary>Ends taking frames; those on their way are handed on.</summary>
    internal void Stop()
    {
        _stopping = true;
        _feed.Stop();
        OpenDoor();
        lock (_emission)
        {
            Monitor.PulseAll(_emission);
        }
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
        _model?.Leave();
        _model = null;
        Close(_sinks);
        Array.ForEach(_slots, slot => slot.Dispose());
    }

    private static void Close(IReadOnlyList<IResultSink> sinks)
    {
        foreach (IResultSink sink in sinks)
        {
            sink.Dispose();
        }
    }

    private void Run(Worker worker)
    {
        while (Take(worker) is { } slot)
        {
            if (slot.Model is { } model && slot.HasResult)
            {
                Look(worker, slot, model);
            }
            worker.Pulse.Enter("publish");
            HandOn(slot);
            worker.Pulse.Leave();
            worker.Allocations.Count();
        }
        worker.Pulse.Leave();
        Volatile.Write(ref _ended, true);
        if (Interlocked.Decrement(ref _running) == 0)
        {
            Stats.End();
            Ended?.Invoke();
        }
    }

    /// <summary>Takes the next frame into the next slot.</summary>
    /// <returns>The slot; null at the end.</returns>
    private Slot? Take(Worker worker)
    {
        lock (_intake)
        {
            Slot slot = _slots[_taken % _slots.Length];
            lock (_emission)
            {
                while (!slot.IsFree && !_stopping)
                {
                    Monitor.Wait(_emission);
                }
            }
            if (!WaitAtDoor())
            {
                return null;
            }
            slot.HasResult = true;
            try
            {
                if (!_feed.Take(slot, worker.Pulse) || _stopping)
                {
                    Volatile.Write(ref _ended, true);
                    return null;
                }
            }
            catch (ImageException e)
            {
                Spoilt(worker, slot, e);
            }
            slot.Sequence = ++_taken;
            slot.IsFree = false;
            slot.IsDone = false;
            lock (_door)
            {
                slot.Model = _model;
                slot.Model?.Enter();
            }
            return slot;
        }
    }

    /// <summary>Waits until frames may be taken: there is a model, it is not in quarantine, and the pipeline is enabled.</summary>
    private bool WaitAtDoor()
    {
        lock (_door)
        {
            while (!_stopping && !_ended && (_model is null || !_enabled || Quarantine.IsActive))
            {
                Monitor.Wait(_door);
            }
        }
        return !_stopping && !_ended;
    }

    private void Look(Worker worker, Slot slot, PipelineModel model)
    {
        worker.Pulse.Enter("decode and infer");
        try
        {
            if (model.Sensors is { } sensors)
            {
                slot.HasResult = sensors.Look(slot.Frame, (float)(Threshold ?? model.Threshold), slot.Result);
                return;
            }
            VisionRunner runner = model.Runner(worker.Index);
            runner.Threshold = (float)(Threshold ?? model.Threshold);
            Frame frame = slot.Frame;
            long begun = Stopwatch.GetTimestamp();
            slot.Result.Set(See(runner, frame), begun);
            Volatile.Write(ref _rubbish, 0);
        }
        catch (ImageException e)
        {
            Spoilt(worker, slot, e);
        }
        catch (Exception e)
        {
            slot.HasResult = false;
            Stats.CountModelFailure(Log.OneLine(Failure.Describe(e)));
            if (Quarantine.Note())
            {
                Log.Error($"pipeline {Name}: the model failed {Config.Quarantine.Failures} times within {Config.Quarantine.WindowSeconds} s and is left alone for a while: {Failure.Describe(e)}");
            }
            else
            {
                Stats.LogSpoilt($"pipeline {Name}: the model failed: {Failure.Describe(e)}");
            }
            worker.Allocations.Skip();
        }
    }

    private VisionResult See(VisionRunner runner, Frame frame)
    {
        if (frame.Format is { } format)
        {
            return runner.Run(new PixelView(frame.Bytes, frame.Width, frame.Height, format, range: frame.Range));
        }
        if (Config.Source.Type is SourceConfig.Folder or SourceConfig.Images)
        {
            ImageFormats.CheckName(frame.Label, frame.Bytes);
        }
        return runner.Run(frame.Bytes, frame.Label);
    }

    /// <summary>The frame is no image.</summary>
    private void Spoilt(Worker worker, Slot slot, ImageException e)
    {
        slot.HasResult = false;
        Stats.CountSpoilt();
        Stats.LogSpoilt($"pipeline {Name}: skipped: {e.Message}");
        if (Config.Source.Type is not (SourceConfig.Folder or SourceConfig.Images) && Interlocked.Increment(ref _rubbish) >= RubbishInARow)
        {
            Volatile.Write(ref _rubbish, 0);
            _feed.Source.Reject($"{RubbishInARow} frames in a row are no images: {e.Message}");
        }
        worker.Allocations.Skip();
    }

    /// <summary>Marks a frame as done, and hands on what is done up to the first that is not.</summary>
    private void HandOn(Slot done)
    {
        lock (_emission)
        {
            done.IsDone = true;
            for (Slot slot = _slots[_emitted % _slots.Length]; slot.IsDone && !slot.IsFree; slot = _slots[_emitted % _slots.Length])
            {
                if (slot.HasResult && slot.Model is { } model)
                {
                    Publish(slot, model);
                }
                slot.Model?.Leave();
                slot.Model = null;
                slot.IsDone = false;
                slot.IsFree = true;
                _emitted++;
                Monitor.PulseAll(_emission);
            }
        }
    }

    private void Publish(Slot slot, PipelineModel model)
    {
        long begun = Stopwatch.GetTimestamp();
        bool said = false;
        bool taken = true;
        if (IsNews(slot.Result))
        {
            ReadOnlySpan<byte> json = model.Write(slot.Sequence, TimeProvider.System.GetUtcNow().UtcDateTime, slot.Frame.Name, slot.Result);
            for (int i = 0; i < _sinks.Count; i++)
            {
                taken &= _sinks[i].Write(json);
            }
            said = true;
        }
        long end = Stopwatch.GetTimestamp();
        _firstResult.Mark();
        Stats.Count(slot, model, begun, end, said, taken);
    }

    private bool IsNews(FrameResult result)
    {
        if (Config.Publish == PipelineConfig.PublishEvery)
        {
            return true;
        }
        long signature = result.Signature();
        bool changed = signature != _lastSignature;
        _lastSignature = signature;
        return changed;
    }
}
