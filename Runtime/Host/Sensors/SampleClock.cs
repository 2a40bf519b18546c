using System.Diagnostics;
using Edge.Inference;
using Edge.Runtime.Native;

namespace Edge.Runtime.Sensors;

/// <summary>
/// An exact schedule on the monotonic clock: samples are due at start + k · period, however long the work between them takes. One
/// that the work has missed is left out and counted, not made up for. How late samples are is measured. One thread at a time.
/// </summary>
internal sealed class SampleClock
{
    /// <summary>So long before a sample is due the wait can no longer be ended: the kernel's own timer takes over, which is exact.</summary>
    private static readonly long Final = Stopwatch.Frequency / 200;

    private readonly long _period;
    private long _next = -1;

    /// <summary>Makes a schedule that begins with the first wait.</summary>
    /// <param name="period">The time between two samples.</param>
    internal SampleClock(TimeSpan period) => _period = Math.Max(1, (long)(period.TotalSeconds * Stopwatch.Frequency));

    /// <summary>Samples that were left out because the work before took too long.</summary>
    internal long Missed { get; private set; }

    /// <summary>How late samples were.</summary>
    internal LatencyHistogram Lateness { get; } = new();

    /// <summary>Waits for the next sample.</summary>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>False if the wait was ended.</returns>
    internal bool WaitForNext(CancellationToken stop)
    {
        long now = Stopwatch.GetTimestamp();
        _next = _next < 0 ? now : _next + _period;
        if (now - _next >= _period)
        {
            long behind = (now - _next) / _period;
            Missed += behind;
            _next += behind * _period;
        }
        if (!WaitUntil(_next, stop))
        {
            return false;
        }
        Lateness.Record(Stopwatch.GetTimestamp() - _next);
        return true;
    }

    /// <summary>Waits until a moment of the monotonic clock, to a fraction of a millisecond and without burning time.</summary>
    /// <param name="due">A <see cref="Stopwatch"/> timestamp.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>False if the wait was ended.</returns>
    internal static bool WaitUntil(long due, CancellationToken stop)
    {
        for (long left = due - Stopwatch.GetTimestamp(); left > 0; left = due - Stopwatch.GetTimestamp())
        {
            if (left <= Final)
            {
                Sleep(due);
                continue;
            }
            int milliseconds = (int)Math.Min(int.MaxValue, (left - Final) * 1000 / Stopwatch.Frequency);
            if (stop.WaitHandle.WaitOne(Math.Max(1, milliseconds)))
            {
                return false;
            }
        }
        return !stop.IsCancellationRequested;
    }

    private static unsafe void Sleep(long due)
    {
        const int Monotonic = 1;
        const int UntilMoment = 1;
        // A Stopwatch counts the nanoseconds of the same clock.
        long* moment = stackalloc long[2] { due / Stopwatch.Frequency, due % Stopwatch.Frequency };
        _ = Libc.Sleep(Monotonic, UntilMoment, moment, null);
    }
}
