using Edge.Runtime.Configuration;

namespace Edge.Runtime.Pipelines;

/// <summary>
/// Counts a model's failures: so many within a window, and the model is left alone for a while, for twice as long each time in
/// a row. Thread-safe.
/// </summary>
/// <param name="config">How many, and how long.</param>
/// <param name="time">The clock.</param>
internal sealed class Quarantine(QuarantineConfig config, TimeProvider time)
{
    private const int MostDoublings = 5;

    private readonly Lock _gate = new();
    private readonly long[] _failures = new long[config.Failures];
    private int _next;
    private int _inARow;
    private long _until;
    private bool _active;

    /// <summary>Whether the model is to be left alone.</summary>
    internal bool IsActive => Volatile.Read(ref _active);

    /// <summary>How often it was.</summary>
    internal long Count { get; private set; }

    /// <summary>The model failed.</summary>
    /// <returns>True if this failure puts it into quarantine.</returns>
    internal bool Note()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _failures[_next] = now;
            _next = (_next + 1) % _failures.Length;
            // The ring's next place holds the oldest of so many failures.
            long oldest = _failures[_next];
            if (_active || oldest == 0 || time.GetElapsedTime(oldest, now).TotalSeconds > config.WindowSeconds)
            {
                return false;
            }
            bool again = _until != 0 && time.GetElapsedTime(_until, now).TotalSeconds <= config.WindowSeconds * 2;
            _inARow = again ? Math.Min(_inARow + 1, MostDoublings) : 0;
            _until = now + (long)(config.RetrySeconds * (1 << _inARow) * time.TimestampFrequency);
            Count++;
            Array.Clear(_failures);
            Volatile.Write(ref _active, true);
            return true;
        }
    }

    /// <summary>Whether the time is up and the model may be tried again.</summary>
    internal bool IsOver()
    {
        lock (_gate)
        {
            return _active && time.GetTimestamp() >= _until;
        }
    }

    /// <summary>The model may work again.</summary>
    internal void Lift() => Volatile.Write(ref _active, false);
}
