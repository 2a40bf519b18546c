namespace Edge.Runtime.Pipelines;

/// <summary>
/// The managed bytes that a thread allocates a frame once it is warm. A frame during which the heap was collected is left out:
/// a collection takes the thread's allocation buffer away, and the runtime counts what was left of it. Its own thread counts,
/// others read.
/// </summary>
internal sealed class AllocationMeter
{
    /// <summary>Frames of a thread before it counts.</summary>
    internal const int WarmUpFrames = 50;

    private long _frames;
    private long _last;
    private long _bytes;
    private int _collections;

    /// <summary>Frames that were counted.</summary>
    internal long Frames => Math.Max(0, Interlocked.Read(ref _frames) - WarmUpFrames);

    /// <summary>What they allocated together.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A frame is through.</summary>
    internal void Count()
    {
        long now = GC.GetAllocatedBytesForCurrentThread();
        int collections = GC.CollectionCount(0);
        if (Interlocked.Increment(ref _frames) > WarmUpFrames && collections == _collections)
        {
            Interlocked.Add(ref _bytes, now - _last);
        }
        (_last, _collections) = (now, collections);
    }

    /// <summary>What this thread allocated since the last frame is not a frame's doing: an error's, or a change of model.</summary>
    internal void Skip() => _last = GC.GetAllocatedBytesForCurrentThread();
}
