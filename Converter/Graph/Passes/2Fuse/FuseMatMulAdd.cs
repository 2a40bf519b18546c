using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Makes a Gemm of a MatMul of two matrices and the Add of a constant row behind it.</summary>
public sealed class FuseMatMulAdd : NodePass
{
    // Gemm broadcasts its third input by itself from there on.
    private const long FirstOpset = 7;

    /// <inheritdoc/>
    public override string Name => "fuse MatMul and Add into Gemm";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(model);
        if (!node.Is("Add") || model.Opset < FirstOpset || Match.WithConstant(node) is not { } sides || !sides.Other.HasOneReader()
            || sides.Other.MadeBy("MatMul", node.Graph) is not { } product)
        {
            return false;
        }
        (Value left, Value right) = (product.Inputs[0]!, product.Inputs[1]!);
        bool areMatrices = left.Shape is { Rank: 2 } && right.Shape is { Rank: 2 }
            && left.ElementType is ElementType.Float or ElementType.Double or ElementType.Float16;
        long[] dims = sides.Constant.Constant!.Dims;
        bool isRow = dims.Length <= 2 && (dims.Length < 2 || dims[0] == 1) && (dims.Length == 0 || dims[^1] == 1 || dims[^1] == right.Shape?[right.Shape.Rank - 1].Size);
        if (!areMatrices || !isRow)
        {
            return false;
        }
        Node gemm = Edits.Substitute(node, "Gemm", left, right, sides.Constant);
        gemm.Name = product.Name;
        return product.TryRemove();
    }
}
