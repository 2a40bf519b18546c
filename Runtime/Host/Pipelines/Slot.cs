using Edge.Runtime.Models;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Pipelines;

/// <summary>A place in a pipeline's ring: a frame and what became of it. One thread at a time, handed on under locks.</summary>
internal sealed class Slot : IDisposable
{
    internal Frame Frame { get; set; } = new();

    internal FrameResult Result { get; } = new();

    /// <summary>The model that the frame is for; null while the slot is free.</summary>
    internal PipelineModel? Model { get; set; }

    /// <summary>The frame's number, from 1.</summary>
    internal long Sequence { get; set; }

    /// <summary>Whether the frame has a result that is to be handed on.</summary>
    internal bool HasResult { get; set; }

    /// <summary>Whether the worker is through with it.</summary>
    internal bool IsDone { get; set; }

    /// <summary>Whether the slot can take a frame.</summary>
    internal bool IsFree { get; set; } = true;

    public void Dispose() => Frame.Dispose();
}
