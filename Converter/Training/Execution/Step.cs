using Edge.Graph;
using Edge.Training.Ops;

namespace Edge.Training.Execution;

/// <summary>One node of a graph as it is run.</summary>
/// <param name="Node">The node, for messages.</param>
/// <param name="Kernel">What runs it.</param>
/// <param name="Inputs">Slots it reads; −1 for an input left out.</param>
/// <param name="Outputs">Slots it writes; −1 for an output left out.</param>
internal sealed record Step(Node Node, Kernel Kernel, int[] Inputs, int[] Outputs)
{
    /// <summary>The element type of each output, where it is one that the engine computes in a wider type; undefined otherwise.</summary>
    public required ElementType[] NarrowOutputs { get; init; }

    /// <summary>Whether half-precision inputs are widened first, because the device computes little in half precision.</summary>
    public bool WidensHalf { get; init; }

    /// <summary>Slots that graphs inside the node read from around it.</summary>
    public int[] Captured { get; init; } = [];

    /// <summary>Whether it gives the same for the same inputs, whatever ran before.</summary>
    public bool IsPure { get; init; }

    /// <summary>Whether it depends on nothing but the sizes of the graph's inputs, so that it runs again only when these change.</summary>
    public bool DependsOnShapesOnly { get; set; }

    /// <summary>Slots that nobody reads after this step.</summary>
    public List<int> Release { get; } = [];
}
