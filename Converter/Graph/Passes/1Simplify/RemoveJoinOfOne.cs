using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes Concat, Sum, Mean, Max and Min of a single value, and a Split into one part.</summary>
public sealed class RemoveJoinOfOne : NodePass
{
    /// <inheritdoc/>
    public override string Name => "remove joins of one value";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        bool isJoin = node.Domain.Length == 0 && node.OpType is "Concat" or "Sum" or "Mean" or "Max" or "Min" && node.Inputs.Count == 1;
        bool isSplit = node.Is("Split") && node.Outputs.Count == 1;
        return (isJoin || isSplit) && node.Input(0) is { } input && node.Outputs[0] is not null && Edits.Bypass(node, input);
    }
}
