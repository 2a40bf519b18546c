using System.Runtime;
using Edge.Runtime.Native;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Health;

/// <summary>
/// Watches resident memory: a baseline once everything is warm, and what has grown since. Growth or a limit passed gives free
/// memory back to the system; what is still too much is a problem to be told.
/// </summary>
/// <param name="limit">The limit of the moment in 10⁶ bytes; 0 for none.</param>
internal sealed class MemoryWatch(Func<double> limit)
{
    /// <summary>When everything is warm.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    private const double GrowthShare = 1.25;
    private const double GrowthMegabytes = 32;

    /// <summary>So much new garbage is worth a look.</summary>
    private const long Garbage = 1_000_000;

    private long _allocated;
    private long _since = Environment.TickCount64;
    private double _baseline;
    private string? _problem;

    /// <summary>Resident memory once everything was warm, in 10⁶ bytes; null before.</summary>
    internal double? BaselineMB => Volatile.Read(ref _baseline) is > 0 and var value ? Math.Round(value, 1) : null;

    /// <summary>What is too much; null where nothing is.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <summary>Something was loaded or changed: what is there after another warm-up is the new baseline.</summary>
    internal void Restart()
    {
        Interlocked.Exchange(ref _since, Environment.TickCount64);
        Volatile.Write(ref _baseline, 0);
    }

    /// <summary>Looks.</summary>
    internal void Look()
    {
        Sweep();
        double now = ProcessFacts.ResidentMegabytes;
        if (Volatile.Read(ref _baseline) == 0)
        {
            if (Environment.TickCount64 - Interlocked.Read(ref _since) >= WarmUp.TotalMilliseconds)
            {
                Volatile.Write(ref _baseline, now);
            }
        }
        string? problem = Judge(now);
        if (problem is not null)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Trim();
            problem = Judge(ProcessFacts.ResidentMegabytes);
        }
        if (problem is not null && _problem is null)
        {
            Log.Warning(problem);
        }
        Volatile.Write(ref _problem, problem);
    }

    /// <summary>
    /// Frames make no garbage, but health messages and commands do, and on a processor with a large cache the collector lets tens
    /// of megabytes of it gather before it begins.
    /// </summary>
    private void Sweep()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocated >= Garbage)
        {
            _allocated = allocated;
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }
    }

    private string? Judge(double now)
    {
        double baseline = Volatile.Read(ref _baseline);
        if (limit() is > 0 and var most && now > most)
        {
            return $"memory: {now:0.0} MB are more than the limit of {most:0.#} MB";
        }
        return baseline > 0 && now > Math.Max(baseline * GrowthShare, baseline + GrowthMegabytes)
            ? $"memory: grew from {baseline:0.0} to {now:0.0} MB"
            : null;
    }

    private static void Trim()
    {
        try
        {
            _ = Libc.TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it gives memory back by itself.
            Log.Debug("memory: the C library has no malloc_trim");
        }
    }
}
