using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Runtime.Health;
using Edge.Runtime.Models;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Pipelines;

/// <summary>What a pipeline has done: since its start, and since the last look. Thread-safe.</summary>
internal sealed class PipelineCounters
{
    /// <summary>So many lines about single frames go to the log in a minute; the rest are counted.</summary>
    private const int LinesAMinute = 20;

    private readonly object _gate = new();
    private readonly StageHistograms _window = new();
    private PipelineModel? _driftModel;
    private DriftMeter? _drift;
    private long _start;
    private long _lastResult;
    private long _windowStart;
    private long _windowResults;
    private long _lineMinute;
    private int _lines;
    private int _objects;
    private long _events;
    private long _lostEvents;
    private long _snapshots;
    private long _lostSnapshots;

    /// <summary>Stages since the start.</summary>
    internal StageHistograms Stages { get; } = new();

    /// <summary>Frames that the model looked at.</summary>
    internal long Results { get; private set; }

    /// <summary>Results that every sink took.</summary>
    internal long Published { get; private set; }

    /// <summary>Results that a sink did not take.</summary>
    internal long Lost { get; private set; }

    /// <summary>Frames that are no images.</summary>
    internal long Spoilt { get; private set; }

    /// <summary>Frames on which the model failed.</summary>
    internal long ModelFailures { get; private set; }

    internal string? LastModelError { get; private set; }

    internal long Swaps { get; private set; }

    internal long FailedSwaps { get; private set; }

    /// <summary>From the start to the last result, or to the end.</summary>
    internal TimeSpan Elapsed { get; private set; }

    /// <summary>Held while counts change.</summary>
    internal object Gate => _gate;

    internal void Start() => (_start, _windowStart) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());

    internal void End()
    {
        lock (_gate)
        {
            Elapsed = Stopwatch.GetElapsedTime(_start, _lastResult == 0 ? Stopwatch.GetTimestamp() : _lastResult);
        }
    }

    /// <summary>A result was handed on.</summary>
    /// <param name="slot">The frame and its result.</param>
    /// <param name="model">The model that made it.</param>
    /// <param name="begun">When its message was begun.</param>
    /// <param name="end">When the sinks had it.</param>
    /// <param name="said">Whether it was to be published.</param>
    /// <param name="taken">Whether every sink took it.</param>
    internal void Count(Slot slot, PipelineModel model, long begun, long end, bool said, bool taken)
    {
        TimeSpan total = Stopwatch.GetElapsedTime(slot.Frame.Begun, end);
        TimeSpan read = Stopwatch.GetElapsedTime(slot.Frame.Begun, slot.Frame.Ready);
        TimeSpan publish = Stopwatch.GetElapsedTime(begun, end);
        lock (_gate)
        {
            Results++;
            _windowResults++;
            Published += said && taken ? 1 : 0;
            Lost += said && !taken ? 1 : 0;
            Stages.Add(total, read, slot.Result.Times, publish);
            _window.Add(total, read, slot.Result.Times, publish);
            _lastResult = end;
            if (!ReferenceEquals(model, _driftModel))
            {
                _driftModel = model;
                _drift = model.Drift is { } reference ? new DriftMeter(reference, model.Classes) : null;
            }
            _drift?.Add(slot.Result.BestClass, slot.Result.BestScore);
        }
    }

    /// <summary>Says how many objects are followed at the moment.</summary>
    internal void SetObjects(int objects) => Volatile.Write(ref _objects, objects);

    /// <summary>An event was handed on.</summary>
    /// <param name="taken">Whether every sink took it.</param>
    internal void CountEvent(bool taken)
    {
        lock (_gate)
        {
            _events += taken ? 1 : 0;
            _lostEvents += taken ? 0 : 1;
        }
    }

    /// <summary>A picture was handed on, or could not be made.</summary>
    /// <param name="taken">Whether every sink took it.</param>
    internal void CountSnapshot(bool taken)
    {
        lock (_gate)
        {
            _snapshots += taken ? 1 : 0;
            _lostSnapshots += taken ? 0 : 1;
        }
    }

    internal void CountSpoilt()
    {
        lock (_gate)
        {
            Spoilt++;
        }
    }

    internal void CountModelFailure(string reason)
    {
        lock (_gate)
        {
            ModelFailures++;
            LastModelError = reason;
        }
    }

    /// <summary>The model was changed, or was not.</summary>
    internal void CountSwap(string? error)
    {
        lock (_gate)
        {
            Swaps += error is null ? 1 : 0;
            FailedSwaps += error is null ? 0 : 1;
            LastModelError = error ?? LastModelError;
        }
    }

    /// <summary>A line about one frame; a camera that sends nothing but rubbish does not fill the log.</summary>
    internal void LogSpoilt(string line)
    {
        lock (_gate)
        {
            long minute = Environment.TickCount64 / 60_000;
            _lines = minute == _lineMinute ? _lines + 1 : 1;
            _lineMinute = minute;
            if (_lines > LinesAMinute)
            {
                return;
            }
            line = _lines == LinesAMinute ? $"{line} (further ones of this minute are only counted)" : line;
        }
        Log.Warning(line);
    }

    /// <summary>What became of the objects that are followed.</summary>
    internal SceneHealth Scene()
    {
        lock (_gate)
        {
            return new SceneHealth(_objects, _events, _lostEvents, _snapshots, _lostSnapshots);
        }
    }

    /// <summary>The last interval: stages and results a second; a new one begins.</summary>
    internal (PipelineLatency? Latency, double ResultsPerSecond, DriftHealth? Drift) Look()
    {
        lock (_gate)
        {
            double seconds = Stopwatch.GetElapsedTime(_windowStart).TotalSeconds;
            (PipelineLatency?, double, DriftHealth?) look = (_window.Snapshot(), Math.Round(seconds > 0 ? _windowResults / seconds : 0, 2), _drift?.Measure());
            _window.Clear();
            (_windowStart, _windowResults) = (Stopwatch.GetTimestamp(), 0);
            return look;
        }
    }
}
