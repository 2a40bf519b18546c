using Edge.Graph;

namespace Edge.Quantizer.Passes;

/// <summary>The activation function that a value goes into, where nothing else reads it.</summary>
internal static class ReadFunction
{
    private static readonly Func<double, double> Sigmoid = value => 1 / (1 + Math.Exp(-value));
    private static readonly Func<double, double> Silu = value => value / (1 + Math.Exp(-value));
    private static readonly Func<double, double> HardSwish = value => value * Math.Clamp((value / 6) + 0.5, 0, 1);
    private static readonly Func<double, double> HardSigmoid = value => Math.Clamp((value / 6) + 0.5, 0, 1);

    internal static Func<double, double>? Of(Value value)
    {
        if (value.IsGraphOutput)
        {
            return null;
        }
        Node[] readers = [.. value.Uses.Select(use => use.Node).Distinct()];
        return readers switch
        {
            [{ Domain: "", OpType: "Sigmoid" }] => Sigmoid,
            [{ Domain: "", OpType: "HardSwish" }] => HardSwish,
            [{ Domain: "", OpType: "HardSigmoid" }] => HardSigmoid,
            [var one, var other] => IsSilu(one, other) || IsSilu(other, one) ? Silu : null,
            _ => null,
        };
    }

    // x · sigmoid(x), written as two nodes.
    private static bool IsSilu(Node sigmoid, Node product) =>
        sigmoid.Is("Sigmoid") && product.Is("Mul") && product.Inputs.Contains(sigmoid.Outputs[0]);
}
