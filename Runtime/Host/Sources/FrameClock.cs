using System.Diagnostics;

namespace Edge.Runtime.Sources;

/// <summary>Spaces frames evenly. A frame that took too long delays the next ones; it is not made up for by a burst.</summary>
/// <param name="framesPerSecond">0 is as fast as possible.</param>
internal sealed class FrameClock(double framesPerSecond)
{
    private readonly long _period = framesPerSecond > 0 ? (long)(Stopwatch.Frequency / framesPerSecond) : 0;
    private long _due;

    /// <summary>Waits until the next frame is due.</summary>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>False if the wait was ended by <paramref name="stop"/>.</returns>
    internal bool WaitForNext(CancellationToken stop)
    {
        if (_period == 0)
        {
            return !stop.IsCancellationRequested;
        }
        long now = Stopwatch.GetTimestamp();
        if (_due > now)
        {
            int milliseconds = (int)Math.Min(int.MaxValue, Math.Ceiling((_due - now) * 1000.0 / Stopwatch.Frequency));
            if (stop.WaitHandle.WaitOne(milliseconds))
            {
                return false;
            }
            now = Stopwatch.GetTimestamp();
        }
        Advance(now);
        return !stop.IsCancellationRequested;
    }

    /// <summary>Whether a frame that is there is due; those that come too early are passed over.</summary>
    internal bool IsDue()
    {
        long now = Stopwatch.GetTimestamp();
        // Half a period of tolerance, or a camera of the same rate would lose every other frame to jitter.
        if (_period == 0 || now >= _due - (_period / 2))
        {
            Advance(now);
            return true;
        }
        return false;
    }

    private void Advance(long now) => _due = Math.Max(_due, now - _period) + _period;
}
