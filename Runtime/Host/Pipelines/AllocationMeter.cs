namespace Edge.Runtime.Pipelines;

/// <summary>The managed bytes that a thread allocates a frame once it is warm. Its own thread counts, others read.</summary>
internal sealed class AllocationMeter
{
    /// <summary>Frames of a thread before it counts.</summary>
    internal const int WarmUpFrames = 50;

    private long _frames;
    private long _last;
    private long _bytes;

    /// <summary>Frames that were counted.</summary>
    internal long Frames => Math.Max(0, Interlocked.Read(ref _frames) - WarmUpFrames);

    /// <summary>What they allocated together.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A frame is through.</summary>
    internal void Count()
    {
        long now = GC.GetAllocatedBytesForCurrentThread();
        if (Interlocked.Increment(ref _frames) > WarmUpFrames)
        {
            Interlocked.Add(ref _bytes, now - _last);
        }
        _last = now;
    }

    /// <summary>What this thread allocated since the last frame is not a frame's doing: an error's, or a change of model.</summary>
    internal void Skip() => _last = GC.GetAllocatedBytesForCurrentThread();
}
