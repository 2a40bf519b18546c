using System.Diagnostics;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Sinks;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// Where the results of a pipeline become messages: results, and the events of the objects in them. Called under the ring's gate,
/// in the order of the frames.
/// </summary>
/// <param name="stats">Counts what went out.</param>
/// <param name="sinks">Where messages go; owned.</param>
/// <param name="firstResult">Told of the first result.</param>
internal sealed class Outlet(PipelineCounters stats, IReadOnlyList<IResultSink> sinks, FirstResult firstResult) : IDisposable
{
    private IReadOnlyList<IResultSink> _sinks = sinks;
    private EventOutlet? _events;
    private long _lastSignature = long.MinValue;

    /// <summary>What the pipeline is made from at the moment.</summary>
    internal required PipelineConfig Config { get; set; }

    /// <summary>Makes a frame's messages and hands them to the sinks.</summary>
    internal void Publish(Slot slot, PipelineModel model)
    {
        long begun = Stopwatch.GetTimestamp();
        DateTime time = TimeProvider.System.GetUtcNow().UtcDateTime;
        if (model.Scene is not null || _events is not null)
        {
            _events ??= new EventOutlet(stats, this);
            _events.Follow(slot, model, time);
        }
        bool said = IsNews(slot.Result);
        bool taken = !said || Write(MessageKind.Result, model.Write(slot.Sequence, time, slot.Frame.Name, slot.Result));
        _events?.Tell(slot);
        if (model.Sensors is { HasChanged: true } sensors)
        {
            stats.CountEvent(Write(MessageKind.Event, sensors.WriteEvent(slot.Sequence, time, slot.Frame.Name, slot.Result)));
        }
        long end = Stopwatch.GetTimestamp();
        firstResult.Mark();
        stats.Count(slot, model, begun, end, said, taken);
    }

    /// <summary>Hands a message to every sink; snapshots may come from a thread of their own.</summary>
    /// <returns>Whether every sink took it.</returns>
    internal bool Write(MessageKind kind, ReadOnlySpan<byte> message)
    {
        IReadOnlyList<IResultSink> sinks = Volatile.Read(ref _sinks);
        bool taken = true;
        for (int i = 0; i < sinks.Count; i++)
        {
            taken &= sinks[i].Write(kind, message);
        }
        return taken;
    }

    /// <summary>Hands messages to other sinks from the next one on.</summary>
    /// <returns>The old ones, which the caller disposes.</returns>
    internal IReadOnlyList<IResultSink> Replace(IReadOnlyList<IResultSink> sinks)
    {
        IReadOnlyList<IResultSink> old = _sinks;
        Volatile.Write(ref _sinks, sinks);
        return old;
    }

    /// <summary>A live source has been silent for a while: objects that nobody sees any more end.</summary>
    internal void Tend() => _events?.EndIfSilent();

    /// <summary>The source is through: every object ends.</summary>
    internal void End() => _events?.End();

    public void Dispose()
    {
        _events?.Dispose();
        Close(_sinks);
    }

    internal static void Close(IReadOnlyList<IResultSink> sinks)
    {
        foreach (IResultSink sink in sinks)
        {
            sink.Dispose();
        }
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
