using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Reshape, Flatten, Squeeze and Unsqueeze all lay the same elements out in other axes: removes one that changes nothing,
/// makes one of two in a row, and gives Reshape a constant shape where all of its result but one axis is known.
/// </summary>
public sealed class SimplifyReshape : NodePass
{
    // Reshape takes its shape as an input from there on.
    private const long FirstOpset = 5;

    /// <inheritdoc/>
    public override string Name => "simplify Reshape, Flatten, Squeeze and Unsqueeze";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (!IsReshape(node) || model.Opset < FirstOpset || node.Input(0) is not { } input)
        {
            return false;
        }
        if (Match.AreSameByCount(input.Shape, ResultShape(node)) && Edits.Bypass(node, input))
        {
            return true;
        }
        if (input.Producer is { } inner && IsReshape(inner) && ReferenceEquals(inner.Graph, node.Graph) && Target(node) is { } target)
        {
            SetReshape(node, inner.Inputs[0]!, target);
            return true;
        }
        if (node.OpType == "Reshape" && node.Input(1) is { IsConstant: false } && Target(node) is { } known)
        {
            SetReshape(node, input, known);
            return true;
        }
        return false;
    }

    private static bool IsReshape(Node node) =>
        node.Domain.Length == 0 && node.OpType is "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" && node.Input(0) is not null;

    // A constant target counts for more than what a file declares of the result.
    private static TensorShape? ResultShape(Node node) =>
        ConstantTarget(node) is { } target
            ? new TensorShape([.. target.Select(size => size < 0 ? Dimension.Unknown : size)])
            : node.Outputs[0]!.Shape;

    // What a Reshape of the same elements in any other layout must ask for, to give the same result.
    private static long[]? Target(Node node)
    {
        if (ConstantTarget(node) is { } constant)
        {
            return constant;
        }
        if (node.Outputs[0]!.Shape is not { } shape)
        {
            return null;
        }
        long[] target = [.. shape.Dimensions.Select(dimension => dimension.Size ?? -1)];
        return IsSelfContained(target) ? target : null;
    }

    private static long[]? ConstantTarget(Node node) =>
        node.OpType == "Reshape" && node.Input(1).Integers() is { } target && IsSelfContained(target) ? target : null;

    // Zeros copy sizes from the input, or stand for nothing at all; two open axes cannot both be computed.
    private static bool IsSelfContained(long[] target) => !target.Contains(0) && target.Count(size => size < 0) <= 1;

    private static void SetReshape(Node node, Value input, long[] target)
    {
        if (node.OpType == "Reshape")
        {
            node.SetInput(0, input);
            if (node.Input(1).Integers() is not { } present || !present.AsSpan().SequenceEqual(target))
            {
                node.SetInput(1, Shape(node, target));
            }
            return;
        }
        Edits.Substitute(node, "Reshape", input, Shape(node, target));
    }

    private static Value Shape(Node node, long[] target) =>
        node.Graph.AddConstant(node.Outputs[0]!.Name + "_shape", OnnxTensor.From<long>(target, target.Length));
}
