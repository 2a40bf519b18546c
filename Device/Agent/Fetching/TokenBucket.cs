namespace Edge.Agent.Fetching;

/// <summary>A limit on bytes a second, with room for a burst of one second. One thread at a time.</summary>
/// <param name="bytesPerSecond">The limit; 0 for none.</param>
/// <param name="clock">The clock.</param>
internal sealed class TokenBucket(long bytesPerSecond, TimeProvider clock)
{
    private double _tokens = bytesPerSecond;
    private long _last = clock.GetTimestamp();

    /// <summary>Takes bytes if the bucket is not in debt; it goes into debt by at most one request.</summary>
    internal bool TryTake(int bytes)
    {
        if (bytesPerSecond == 0)
        {
            return true;
        }
        long now = clock.GetTimestamp();
        _tokens = Math.Min(bytesPerSecond, _tokens + (clock.GetElapsedTime(_last, now).TotalSeconds * bytesPerSecond));
        _last = now;
        if (_tokens <= 0)
        {
            return false;
        }
        _tokens -= bytes;
        return true;
    }
}
