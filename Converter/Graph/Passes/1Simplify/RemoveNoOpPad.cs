using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes a Pad that adds nothing.</summary>
public sealed class RemoveNoOpPad : NodePass
{
    /// <inheritdoc/>
    public override string Name => "remove Pad without effect";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Is("Pad") && node.Input(0) is { } input
            && (node.Attributes.GetInts("pads", null) ?? node.Input(1).Integers()) is { } pads
            && Array.TrueForAll(pads, pad => pad == 0)
            && Edits.Bypass(node, input);
    }
}
