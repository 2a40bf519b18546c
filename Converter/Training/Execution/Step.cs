using Edge.Graph;
using Edge.Training.Ops;

namespace Edge.Training.Execution;

/// <summary>One node of a plan.</summary>
/// <param name="Node">The node, for messages.</param>
/// <param name="Kernel">What runs it.</param>
/// <param name="Inputs">Slots it reads; −1 for an input left out.</param>
/// <param name="Outputs">Slots it writes; −1 for an output left out.</param>
internal sealed record Step(Node Node, Kernel Kernel, int[] Inputs, int[] Outputs)
{
    /// <summary>Slots that nobody reads after this step.</summary>
    public List<int> Release { get; } = [];
}
