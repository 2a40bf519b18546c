namespace Edge.Graph.Passes.Matching;

/// <summary>A tree of Mul, and of Div by a number, taken apart: one number, and the values that are multiplied.</summary>
internal readonly record struct Product(double Number, IReadOnlyList<Value> Factors)
{
    // Deeper trees are no activation that anybody writes.
    private const int MaximumFactors = 4;

    /// <summary>Takes apart the product that a node computes.</summary>
    /// <returns>Null where the node is no product, or has too many factors.</returns>
    internal static Product? Of(Node node)
    {
        if (node.Domain.Length > 0 || node.OpType is not ("Mul" or "Div"))
        {
            return null;
        }
        double number = 1;
        var factors = new List<Value>();
        return Collect(node, ref number, factors) ? new Product(number, factors) : null;
    }

    private static bool Collect(Node node, ref double number, List<Value> factors)
    {
        if (node.Input(0) is not { } first || node.Input(1) is not { } second)
        {
            return false;
        }
        if (node.OpType == "Div")
        {
            if (!second.TryScalar(out double divisor) || second.Constant!.Dims.Length > 1)
            {
                return false;
            }
            number /= divisor;
            return Collect(first, node, ref number, factors);
        }
        return Collect(first, node, ref number, factors) && Collect(second, node, ref number, factors);
    }

    private static bool Collect(Value value, Node reader, ref double number, List<Value> factors)
    {
        if (value.TryScalar(out double constant) && value.Constant!.Dims.Length <= 1)
        {
            number *= constant;
            return true;
        }
        bool isInner = value.HasOneReader() && value.Producer is { } inner && ReferenceEquals(inner.Graph, reader.Graph)
            && (inner.Is("Mul") || (inner.Is("Div") && inner.Input(1).TryScalar(out _)));
        if (isInner)
        {
            return Collect(value.Producer!, ref number, factors);
        }
        factors.Add(value);
        return factors.Count <= MaximumFactors;
    }
}
