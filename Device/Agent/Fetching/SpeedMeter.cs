namespace Edge.Agent.Fetching;

/// <summary>Bytes a second over the last seconds. One thread at a time.</summary>
/// <param name="clock">The clock.</param>
internal sealed class SpeedMeter(TimeProvider clock)
{
    private const int Seconds = 5;

    private readonly Queue<(long Time, int Bytes)> _arrivals = new();
    private long _bytes;

    internal void Add(int bytes)
    {
        _arrivals.Enqueue((clock.GetTimestamp(), bytes));
        _bytes += bytes;
    }

    /// <summary>The speed at this moment.</summary>
    internal double BytesPerSecond()
    {
        while (_arrivals.TryPeek(out (long Time, int Bytes) oldest) && clock.GetElapsedTime(oldest.Time).TotalSeconds > Seconds)
        {
            _bytes -= _arrivals.Dequeue().Bytes;
        }
        return _arrivals.TryPeek(out (long Time, int) first) ? _bytes / Math.Max(0.1, clock.GetElapsedTime(first.Time).TotalSeconds) : 0;
    }
}
