namespace Edge.Runtime.Pipelines;

/// <summary>Whether a pipeline that waits for a trigger is awake, and until when. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class Sleep(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _from;
    private TimeSpan _length = TimeSpan.MaxValue;
    private bool _isAsleep;

    internal bool IsAsleep => Volatile.Read(ref _isAsleep);

    /// <summary>Falls asleep, or stays awake for good.</summary>
    /// <param name="asleep">Whether there is a trigger.</param>
    internal void Set(bool asleep)
    {
        lock (_gate)
        {
            (_isAsleep, _length) = (asleep, TimeSpan.MaxValue);
        }
    }

    /// <summary>Wakes, or stays awake longer.</summary>
    /// <returns>Whether it slept.</returns>
    internal bool Wake(TimeSpan length)
    {
        lock (_gate)
        {
            (bool slept, _isAsleep) = (_isAsleep, false);
            (_from, _length) = (time.GetTimestamp(), length);
            return slept;
        }
    }

    /// <summary>Falls asleep where the time is up.</summary>
    /// <returns>Whether it did.</returns>
    internal bool TryFallAsleep()
    {
        lock (_gate)
        {
            bool isTired = !_isAsleep && _length < TimeSpan.MaxValue && time.GetElapsedTime(_from) >= _length;
            _isAsleep |= isTired;
            return isTired;
        }
    }
}
