using Edge.Runtime.Reporting;

namespace Edge.Runtime.Pipelines;

/// <summary>When the first result of any pipeline was there.</summary>
internal sealed class FirstResult
{
    private int _marked;
    private double _milliseconds;

    /// <summary>Milliseconds from the start of the process; null where there was no result.</summary>
    internal double? Milliseconds => Volatile.Read(ref _marked) == 0 ? null : _milliseconds;

    /// <summary>Says that a result is there; all calls but the first do nothing.</summary>
    internal void Mark()
    {
        if (Volatile.Read(ref _marked) == 0 && Interlocked.Exchange(ref _marked, 1) == 0)
        {
            _milliseconds = Math.Round(ProcessFacts.MillisecondsSinceStart());
        }
    }
}
