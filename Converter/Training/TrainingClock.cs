using System.Diagnostics;

namespace Edge.Training;

/// <summary>Adds up where the time of training goes.</summary>
internal sealed class TrainingClock
{
    private readonly long[] _ticks = new long[Enum.GetValues<TrainingPhase>().Length];
    private long _mark;

    /// <summary>From here on, time counts.</summary>
    public void Start() => _mark = Stopwatch.GetTimestamp();

    /// <summary>The time since the last call went into this phase.</summary>
    public void Spent(TrainingPhase phase)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)phase] += now - _mark;
        _mark = now;
    }

    /// <summary>What went into a phase so far.</summary>
    public TimeSpan Of(TrainingPhase phase) => Stopwatch.GetElapsedTime(0, _ticks[(int)phase]);
}
