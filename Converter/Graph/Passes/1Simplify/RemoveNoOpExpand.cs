using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes an Expand to the shape that its input has, and a Tile that repeats once.</summary>
public sealed class RemoveNoOpExpand : NodePass
{
    /// <inheritdoc/>
    public override string Name => "remove Expand and Tile without effect";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Input(0) is not { } input || node.Input(1).Integers() is not { } sizes)
        {
            return false;
        }
        bool keeps = (node.Is("Expand") && Match.BroadcastsInto(sizes, input))
            || (node.Is("Tile") && node.Inputs.Count == 2 && Array.TrueForAll(sizes, size => size == 1));
        return keeps && Edits.Bypass(node, input);
    }
}
