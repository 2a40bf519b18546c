using Edge.Torch;

namespace Edge.Training.Execution;

/// <summary>
/// Finds the steps that depend on nothing but the sizes of the graph's inputs: Shape, and what is computed from it and from
/// constants. Where sizes may depend on contents, nothing is claimed.
/// </summary>
internal static class ShapeDependence
{
    // The sizes of what these make depend on contents.
    private static readonly HashSet<string> SizedByContent =
        ["NonZero", "Unique", "Compress", "NonMaxSuppression", "If", "Loop", "Scan", "OptionalGetElement"];

    // These read whole numbers as contents, not as sizes.
    private static readonly HashSet<string> ReadIntegersAsContent =
    [
        "Gather", "GatherElements", "GatherND", "Scatter", "ScatterElements", "ScatterND", "TensorScatter", "ReverseSequence",
        "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Max", "Min", "Sum", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
        "And", "Or", "Xor", "Not", "Where", "Concat", "Cast", "CastLike", "Identity", "LSTM", "GRU", "RNN",
        "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss", "QuantizeLinear", "DequantizeLinear", "MatMulInteger", "ConvInteger",
        "QLinearMatMul", "QLinearConv", "RotaryEmbedding", "Attention", "Abs", "Neg", "Sign", "Clip",
    ];

    /// <summary>Marks the steps and keeps what they make from being freed.</summary>
    /// <param name="plan">The plan, after what is constant was computed.</param>
    /// <param name="constants">The slots whose content never changes.</param>
    public static void Mark(ExecutionPlan plan, HashSet<int> constants)
    {
        var known = new HashSet<int>(constants);
        var open = new HashSet<int>();
        var made = new HashSet<int>();
        foreach (Step step in plan.Body.Steps)
        {
            bool isOpen = SizedByContent.Contains(step.Node.OpType) || step.Node.Domain.Length > 0 || Array.Exists(step.Inputs, open.Contains) || ReadsOpenSizes(plan, step, known);
            bool isShape = step.Node.OpType is "Shape" or "Size" && step.Node.Domain.Length == 0;
            bool isKnown = step.IsPure && !isOpen && (isShape || (step.Inputs.Length > 0 && Array.TrueForAll(step.Inputs, slot => slot < 0 || known.Contains(slot))));
            if (isKnown && !Array.Exists(step.Outputs, slot => plan.KeptSlots.Contains(slot)))
            {
                step.DependsOnShapesOnly = true;
                known.UnionWith(step.Outputs);
                made.UnionWith(step.Outputs);
            }
            else if (isOpen)
            {
                open.UnionWith(step.Outputs);
            }
        }
        foreach (Step step in plan.Body.Steps)
        {
            step.Release.RemoveAll(made.Contains);
        }
    }

    /// <summary>Whether a step may read sizes that are neither constant nor computed from sizes.</summary>
    private static bool ReadsOpenSizes(ExecutionPlan plan, Step step, HashSet<int> known)
    {
        if (ReadIntegersAsContent.Contains(step.Node.OpType))
        {
            return false;
        }
        int first = step.Node.OpType is "ConstantOfShape" or "Range" or "HannWindow" or "HammingWindow" or "BlackmanWindow" ? 0 : 1;
        for (int i = first; i < step.Inputs.Length; i++)
        {
            if (step.Inputs[i] >= 0 && !known.Contains(step.Inputs[i]) && step.Node.Input(i) is { } value
                && !(plan.TypeOf(value) is { } type && TensorConversion.ToDataType(type)?.IsFloatingPoint() == true))
            {
                return true;
            }
        }
        return false;
    }
}
