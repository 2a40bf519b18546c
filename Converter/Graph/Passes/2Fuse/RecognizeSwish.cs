using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Recognises <c>x · Sigmoid(x)</c> as Swish, for models of opset 24 and later. Earlier ones keep the pair, which engines know.</summary>
public sealed class RecognizeSwish : NodePass
{
    private const long FirstOpset = 24;

    /// <inheritdoc/>
    public override string Name => "recognise Swish";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Opset < FirstOpset || !node.Is("Mul") || node.Input(0) is not { } first || node.Input(1) is not { } second)
        {
            return false;
        }
        Value? x = IsGate(second, first, node.Graph) ? first : IsGate(first, second, node.Graph) ? second : null;
        if (x is null)
        {
            return false;
        }
        Edits.Substitute(node, "Swish", x);
        return true;
    }

    private static bool IsGate(Value gate, Value x, OnnxGraph graph) => gate.HasOneReader() && gate.MadeBy("Sigmoid", graph)?.Inputs[0] == x;
}
