using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Recognises <c>x · ½ · (1 + erf(x / √2))</c>, in any order of its factors, as Gelu, for models of opset 20 and later.</summary>
public sealed class RecognizeGelu : NodePass
{
    private const long FirstOpset = 20;

    /// <inheritdoc/>
    public override string Name => "recognise Gelu";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Opset < FirstOpset || Product.Of(node) is not { Factors: [var first, var second] } product || !Match.AreNear(product.Number, 0.5))
        {
            return false;
        }
        Value? x = GateInput(second, node.Graph) == first ? first : GateInput(first, node.Graph) == second ? second : null;
        if (x is null)
        {
            return false;
        }
        Edits.Substitute(node, "Gelu", x);
        return true;
    }

    // The x of 1 + erf(x / √2).
    private static Value? GateInput(Value gate, OnnxGraph graph)
    {
        if (!gate.HasOneReader() || gate.MadeBy("Add", graph) is not { } add || Match.WithConstant(add) is not { } sides || !sides.Constant.IsNear(1)
            || sides.Constant.Constant!.Dims.Length > 1 || !sides.Other.HasOneReader() || sides.Other.MadeBy("Erf", graph) is not { } erf
            || erf.Inputs[0]!.Producer is not { } scaled || !ReferenceEquals(scaled.Graph, graph) || !scaled.Outputs[0]!.HasOneReader())
        {
            return null;
        }
        return Product.Of(scaled) is { Factors: [var x] } product && Match.AreNear(product.Number, 1 / Math.Sqrt(2)) ? x : null;
    }
}
