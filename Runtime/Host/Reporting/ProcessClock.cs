using System.Runtime.InteropServices;

namespace Edge.Runtime.Reporting;

/// <summary>The processor time of this process, on all its threads (<c>clock_gettime(2)</c>).</summary>
internal static unsafe partial class ProcessClock
{
    private const int ProcessCpuTime = 2;

    internal static TimeSpan Now
    {
        get
        {
            long* time = stackalloc long[2];
            _ = GetTime(ProcessCpuTime, time);
            return TimeSpan.FromTicks((time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick));
        }
    }

    // struct timespec is two longs on every 64-bit Linux.
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
