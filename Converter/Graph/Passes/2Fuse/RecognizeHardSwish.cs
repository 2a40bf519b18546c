using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Recognises <c>x · HardSigmoid(x)</c> and <c>x · Clip(x + 3, 0, 6) / 6</c> as HardSwish, for models of opset 14 and later.</summary>
public sealed class RecognizeHardSwish : NodePass
{
    private const long FirstOpset = 14;

    /// <inheritdoc/>
    public override string Name => "recognise HardSwish";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Opset < FirstOpset || Product.Of(node) is not { Factors: [var first, var second] } product)
        {
            return false;
        }
        return TryFuse(node, product.Number, first, second) || TryFuse(node, product.Number, second, first);
    }

    private static bool TryFuse(Node node, double number, Value x, Value gate)
    {
        bool matches = gate.HasOneReader()
            && ((Match.AreNear(number, 1) && GateInput(gate, node.Graph) == x) || (Match.AreNear(number, 1.0 / 6) && ShiftedClip.Input(gate, node.Graph) == x));
        if (matches)
        {
            Edits.Substitute(node, "HardSwish", x);
        }
        return matches;
    }

    private static Value? GateInput(Value gate, OnnxGraph graph) =>
        gate.MadeBy("HardSigmoid", graph) is { } sigmoid
        && Match.AreNear(sigmoid.Attributes.GetFloat("alpha", 0.2f), 1.0 / 6) && Match.AreNear(sigmoid.Attributes.GetFloat("beta", 0.5f), 0.5)
            ? sigmoid.Inputs[0]
            : null;
}
