using Edge.Fleet.Protocol;
using Edge.Inference;

namespace Edge.Runtime.Pipelines;

/// <summary>What one pipeline has done. Its own thread writes; others read it when that thread has ended.</summary>
internal sealed class PipelineStats
{
    /// <summary>Frames before allocation is measured.</summary>
    private const int WarmUpFrames = 100;

    private long _allocatedAtWarmUp;
    private long _allocated;
    private long _excluded;

    internal long Frames { get; set; }

    internal long Results { get; set; }

    internal long Published { get; set; }

    internal long Skipped { get; set; }

    internal long Dropped { get; set; }

    internal TimeSpan Elapsed { get; set; }

    internal LatencyHistogram Total { get; } = new();

    internal LatencyHistogram Read { get; } = new();

    internal LatencyHistogram Decode { get; } = new();

    internal LatencyHistogram Preprocess { get; } = new();

    internal LatencyHistogram Infer { get; } = new();

    internal LatencyHistogram Postprocess { get; } = new();

    internal LatencyHistogram Publish { get; } = new();

    /// <summary>Managed bytes allocated a frame after warm-up; null before. Frames that were skipped are left out.</summary>
    internal double? AllocatedBytesPerFrame =>
        Results > WarmUpFrames ? (double)(_allocated - _allocatedAtWarmUp - _excluded) / (Results - WarmUpFrames) : null;

    internal void AddResult(TimeSpan total, TimeSpan read, in StageTimes stages, TimeSpan publish)
    {
        Results++;
        Total.Record(total);
        Read.Record(read);
        Decode.Record(stages.Decode);
        Preprocess.Record(stages.Preprocess);
        Infer.Record(stages.Infer);
        Postprocess.Record(stages.Postprocess);
        Publish.Record(publish);
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        if (Results == WarmUpFrames)
        {
            _allocatedAtWarmUp = _allocated;
            _excluded = 0;
        }
    }

    /// <summary>Leaves out what a skipped frame allocated.</summary>
    /// <param name="before">The thread's allocated bytes at the frame's start.</param>
    internal void Exclude(long before) => _excluded += GC.GetAllocatedBytesForCurrentThread() - before;
}
