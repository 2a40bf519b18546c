using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes Mul and Div by one, Pow to the first, and Add and Sub of zero, where broadcasting leaves shape and type as they are.</summary>
public sealed class RemoveNoOpArithmetic : NodePass
{
    /// <inheritdoc/>
    public override string Name => "remove arithmetic without effect";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Domain.Length > 0 || node.OpType is not ("Mul" or "Div" or "Add" or "Sub" or "Pow")
            || node.Attributes.Contains("broadcast") || Match.WithConstant(node) is not { } sides)
        {
            return false;
        }
        bool isCommutative = node.OpType is "Mul" or "Add";
        double neutral = node.OpType is "Add" or "Sub" ? 0 : 1;
        OnnxTensor constant = sides.Constant.Constant!;
        return (isCommutative || !sides.ConstantIsFirst)
            && (node.OpType != "Pow" || sides.Other.ElementType == constant.Type)
            && Numbers.AreAll(constant, neutral)
            && Match.BroadcastsInto(constant.Dims, sides.Other)
            && Edits.Bypass(node, sides.Other);
    }
}
