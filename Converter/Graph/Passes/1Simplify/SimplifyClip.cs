using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Makes one of Relu and Clip in a row: <c>Relu(Relu(x))</c> is Relu, <c>Clip(Relu(x), max=6)</c> is <c>Clip(x, 0, 6)</c>;
/// and Clip of Max and Min with a number.
/// </summary>
public sealed class SimplifyClip : NodePass
{
    // Clip takes its limits as inputs from there on.
    private const long LimitsAreInputs = 11;

    /// <inheritdoc/>
    public override string Name => "join Relu, Clip, Min and Max";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (Limits(node, model.Opset) is not { } outer || outer.Input.Producer is not { } first
            || !ReferenceEquals(first.Graph, node.Graph) || Limits(first, model.Opset) is not { } inner)
        {
            return false;
        }
        // What the inner one lets through already lies within the outer one's limits.
        if (inner.Low >= outer.Low && inner.High <= outer.High)
        {
            return Edits.Bypass(node, outer.Input);
        }
        double low = Math.Clamp(inner.Low, outer.Low, outer.High);
        double high = Math.Clamp(inner.High, outer.Low, outer.High);
        if (!outer.Input.HasOneReader() || inner.Input.ElementType is not (ElementType.Float or ElementType.Double or ElementType.Float16))
        {
            return false;
        }
        Replace(node, inner.Input, low, high, model.Opset);
        return true;
    }

    private static (Value Input, double Low, double High)? Limits(Node node, long opset)
    {
        if (node.Domain.Length > 0 || node.Input(0) is not { } input)
        {
            return null;
        }
        (double low, double high) = (double.NegativeInfinity, double.PositiveInfinity);
        switch (node.OpType)
        {
            case "Relu":
                return (input, 0, high);
            case "Clip" when opset < LimitsAreInputs:
                low = node.Attributes.GetFloat("min", float.MinValue);
                high = node.Attributes.GetFloat("max", float.MaxValue);
                low = low <= float.MinValue ? double.NegativeInfinity : low;
                high = high >= float.MaxValue ? double.PositiveInfinity : high;
                break;
            case "Clip":
                if ((node.Input(1) is not null && !node.Input(1).TryScalar(out low)) || (node.Input(2) is not null && !node.Input(2).TryScalar(out high)))
                {
                    return null;
                }
                break;
            case "Max" or "Min" when node.Inputs.Count == 2 && Match.WithConstant(node) is { } sides && sides.Constant.Constant!.Dims.Length == 0 && sides.Constant.TryScalar(out double limit):
                (low, high) = node.OpType == "Max" ? (limit, high) : (low, limit);
                input = sides.Other;
                break;
            default:
                return null;
        }
        return low <= high ? (input, low, high) : null;
    }

    private static void Replace(Node node, Value input, double low, double high, long opset)
    {
        OnnxGraph graph = node.Graph;
        ElementType element = input.ElementType!.Value;
        string stem = node.Outputs[0]!.Name;
        if (low == 0 && double.IsPositiveInfinity(high))
        {
            Edits.Substitute(node, "Relu", input);
            return;
        }
        if (opset < LimitsAreInputs)
        {
            Node clip = Edits.Substitute(node, "Clip", input);
            SetLimit(clip, "min", low);
            SetLimit(clip, "max", high);
            return;
        }
        Value? Limit(string name, double limit) => double.IsInfinity(limit) ? null : graph.AddConstant($"{stem}_{name}", Numbers.Scalar(element, limit)!);
        Value? minimum = Limit("min", low);
        Value? maximum = Limit("max", high);
        Edits.Substitute(node, "Clip", maximum is null ? [input, minimum] : [input, minimum, maximum]);
    }

    private static void SetLimit(Node clip, string name, double limit)
    {
        if (!double.IsInfinity(limit))
        {
            clip.Attributes.Set(name, (float)limit);
        }
    }
}
