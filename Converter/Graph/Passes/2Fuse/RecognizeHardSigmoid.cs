using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Recognises <c>Clip(x + 3, 0, 6) / 6</c> as HardSigmoid with a slope of 1/6 and a summand of 1/2.</summary>
public sealed class RecognizeHardSigmoid : NodePass
{
    // HardSigmoid's attributes have had their meaning since then.
    private const long FirstOpset = 6;

    /// <inheritdoc/>
    public override string Name => "recognise HardSigmoid";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Opset < FirstOpset || Product.Of(node) is not { Factors: [var clipped] } product || !Match.AreNear(product.Number, 1.0 / 6)
            || ShiftedClip.Input(clipped, node.Graph) is not { } input || !clipped.HasOneReader())
        {
            return false;
        }
        Node sigmoid = Edits.Substitute(node, "HardSigmoid", input);
        sigmoid.Attributes.Set("alpha", 1f / 6);
        sigmoid.Attributes.Set("beta", 0.5f);
        return true;
    }
}
