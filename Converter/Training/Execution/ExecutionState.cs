using Edge.Torch;

namespace Edge.Training.Execution;

/// <summary>What the steps of a graph, and of the graphs inside its nodes, share while they run.</summary>
internal sealed class ExecutionState(int slotCount, Device device, OperatorClock? clock)
{
    /// <summary>The value in every place, or null.</summary>
    public Tensor?[] Slots { get; } = new Tensor?[slotCount];

    /// <summary>The elements of constants of int64, by place.</summary>
    public long[]?[] Integers { get; } = new long[]?[slotCount];

    /// <summary>Places whose values are kept after a run, with their gradients.</summary>
    public HashSet<int> Kept { get; } = [];

    /// <summary>Whether what depends on the sizes of the inputs only is there from an earlier run.</summary>
    public bool KnowsShapes { get; set; }

    public Device Device { get; } = device;

    public OperatorClock? Clock { get; } = clock;

    public RunMode Mode { get; set; }
}
