using System.Diagnostics;
using Edge.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Scenes;
using Edge.Runtime.Sinks;

namespace Edge.Runtime.Pipelines;

/// <summary>Follows the objects of a pipeline and tells what happens to them. Called under the ring's gate, in the order of the frames.</summary>
/// <param name="stats">Counts what went out.</param>
/// <param name="outlet">Takes the messages.</param>
internal sealed class EventOutlet(PipelineCounters stats, Outlet outlet) : IDisposable
{
    /// <summary>A live source may be silent for so long, or for as long as objects may be hidden, before its objects end.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private PipelineModel? _model;
    private SceneWatch? _watch;
    private SnapshotPress? _press;
    private SceneFrame _frame;
    private SceneEvent[] _happened = new SceneEvent[16];
    private int _count;
    private long _lastFrame;

    /// <summary>Follows the objects of a frame: its boxes get their numbers, and the counts of its message are filled.</summary>
    /// <param name="slot">The frame and its result.</param>
    /// <param name="model">The model that saw it.</param>
    /// <param name="timeUtc">The time of its message.</param>
    internal void Follow(Slot slot, PipelineModel model, DateTime timeUtc)
    {
        if (!ReferenceEquals(model, _model))
        {
            Change(slot.Result.Threshold, model);
        }
        if (_watch is null)
        {
            return;
        }
        // A file's frames have a time of their own, so that the same files give the same events on every machine.
        TimeSpan time = outlet.Config.Source.IsLive
            ? Stopwatch.GetElapsedTime(0, slot.Frame.Ready)
            : (slot.Sequence - 1) * _watch.Plan.FrameInterval;
        _frame = new SceneFrame(slot.Sequence, slot.Frame.Name, slot.Result.Width, slot.Result.Height, time, timeUtc);
        _lastFrame = Stopwatch.GetTimestamp();
        Keep(_watch.Look(slot.Result, time));
        _watch.Count(model.Counts!);
        stats.SetObjects(_watch.Objects);
    }

    /// <summary>Tells what happened in the frame that was followed last.</summary>
    internal void Tell(Slot slot)
    {
        for (int i = 0; i < _count; i++)
        {
            ref readonly SceneEvent happened = ref _happened[i];
            Tell(happened);
            if (_press is not null && happened.Object.LastSeen == _frame.Time)
            {
                _press.Offer(slot.Frame, slot.Result, happened, _frame.Time, mayDrop: outlet.Config.Source.IsLive);
            }
        }
        _count = 0;
    }

    /// <summary>Ends every object, unless a frame came not long ago.</summary>
    internal void EndIfSilent()
    {
        if (_watch is { Objects: > 0 } watch && outlet.Config.Source.IsLive)
        {
            TimeSpan silent = Stopwatch.GetElapsedTime(_lastFrame);
            if (silent > Silence && silent > watch.Plan.LostFor)
            {
                EndObjects();
            }
        }
    }

    /// <summary>Ends every object, and waits for the pictures that are being made.</summary>
    internal void End()
    {
        EndObjects();
        _press?.Dispose();
        _press = null;
        _watch = null;
        _model?.Leave();
        _model = null;
    }

    public void Dispose() => End();

    /// <summary>Another model sees the frames from now on: objects go on where it sees the same classes by the same plan.</summary>
    private void Change(float threshold, PipelineModel model)
    {
        if (_watch is { } watch && model.Scene is { } next && next.Continues(watch.Plan))
        {
            watch.Plan = next;
        }
        else
        {
            EndObjects();
            _press?.Dispose();
            _watch = model.Scene is { } plan ? new SceneWatch(plan, threshold) : null;
            _press = model.Scene?.Snapshot is { } snapshot
                ? new SnapshotPress(outlet.Config.Name, snapshot, model.Labels, jpeg => outlet.Write(MessageKind.Snapshot, jpeg), stats)
                : null;
        }
        model.Enter();
        _model?.Leave();
        _model = model;
    }

    private void EndObjects()
    {
        if (_watch is null || _model is null)
        {
            return;
        }
        Keep(_watch.End(_frame.Time));
        for (int i = 0; i < _count; i++)
        {
            Tell(_happened[i]);
        }
        _count = 0;
        stats.SetObjects(0);
    }

    private void Tell(in SceneEvent happened) =>
        stats.CountEvent(outlet.Write(MessageKind.Event, _model!.Write(happened, _watch!.Path(happened), _frame)));

    /// <summary>Events wait until the result of their frame has gone out.</summary>
    private void Keep(ReadOnlySpan<SceneEvent> events)
    {
        if (_happened.Length < events.Length)
        {
            _happened = new SceneEvent[events.Length * 2];
        }
        events.CopyTo(_happened);
        _count = events.Length;
    }
}
