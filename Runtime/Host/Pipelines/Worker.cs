using Edge.Runtime.Sources;

namespace Edge.Runtime.Pipelines;

/// <summary>What one worker of a pipeline has for itself.</summary>
/// <param name="index">Which one, from 0.</param>
/// <param name="owner">The pipeline's name.</param>
internal sealed class Worker(int index, string owner)
{
    internal int Index => index;

    internal Pulse Pulse { get; } = new($"worker of {owner}");

    internal AllocationMeter Allocations { get; } = new();
}
