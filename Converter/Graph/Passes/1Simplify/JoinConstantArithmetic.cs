using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Makes one of two Mul or Div, or two Add, with constants in a row: <c>(x · a) / b</c> is <c>x · (a / b)</c>.</summary>
public sealed class JoinConstantArithmetic : NodePass
{
    /// <inheritdoc/>
    public override string Name => "join arithmetic with constants";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Domain.Length > 0 || node.OpType is not ("Mul" or "Div" or "Add") || WithConstant(node) is not { } outer || !outer.Other.HasOneReader()
            || outer.Other.Producer is not { } first || !ReferenceEquals(first.Graph, node.Graph) || first.Domain.Length > 0
            || first.OpType is not ("Mul" or "Div" or "Add") || (first.OpType == "Add") != (node.OpType == "Add") || WithConstant(first) is not { } inner)
        {
            return false;
        }
        // Two divisors multiply; a factor and a divisor divide, and what is left is a factor.
        bool isProduct = first.OpType == node.OpType;
        (Value kept, Value divisor) = first.OpType == "Div" ? (outer.Constant, inner.Constant) : (inner.Constant, outer.Constant);
        if (Join(kept.Constant!, divisor.Constant!, node.OpType == "Add" ? '+' : isProduct ? '*' : '/') is not { } joined)
        {
            return false;
        }
        Value constant = node.Graph.AddConstant(outer.Constant.Name + "_joined", joined);
        if (!isProduct && node.OpType == "Div")
        {
            Edits.Substitute(node, "Mul", inner.Other, constant);
        }
        else
        {
            node.SetInput(0, inner.Other);
            node.SetInput(1, constant);
        }
        first.TryRemove();
        return true;
    }

    private static (Value Other, Value Constant)? WithConstant(Node node) =>
        !node.Attributes.Contains("broadcast") && Match.WithConstant(node) is { } sides && !(node.OpType == "Div" && sides.ConstantIsFirst)
            ? (sides.Other, sides.Constant)
            : null;

    // One of the two must be a single number or both of the same sizes: the result then has as many elements as before.
    private static OnnxTensor? Join(OnnxTensor one, OnnxTensor other, char operation)
    {
        if (one.Type != other.Type || Numbers.Reals(one) is not { Length: > 0 } a || Numbers.Reals(other) is not { Length: > 0 } b)
        {
            return null;
        }
        bool isSame = one.Dims.AsSpan().SequenceEqual(other.Dims);
        if (!isSame && a.Length != 1 && b.Length != 1)
        {
            return null;
        }
        OnnxTensor shape = one.Dims.Length > other.Dims.Length || (one.Dims.Length == other.Dims.Length && a.Length >= b.Length) ? one : other;
        double[] result = new double[Math.Max(a.Length, b.Length)];
        if (shape.Length != result.Length)
        {
            return null;
        }
        for (int index = 0; index < result.Length; index++)
        {
            (double x, double y) = (a[a.Length == 1 ? 0 : index], b[b.Length == 1 ? 0 : index]);
            result[index] = operation switch { '*' => x * y, '/' => x / y, _ => x + y };
            if (!float.IsFinite((float)result[index]))
            {
                return null;
            }
        }
        return Numbers.FromReals(one.Type, result, shape.Dims);
    }
}
