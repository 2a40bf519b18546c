namespace Edge.Graph.Passes.Matching;

/// <summary>What the passes ask of nodes and values before they rewrite them.</summary>
internal static class Match
{
    // How far a constant may be from the number that a pattern names: exporters write 1.4142135 for the root of two.
    private const double Closeness = 1e-5;

    /// <summary>The node that makes a value, if it is of the given operator and stands in the given graph.</summary>
    internal static Node? MadeBy(this Value? value, string opType, OnnxGraph graph) =>
        value?.Producer is { } producer && producer.Is(opType) && ReferenceEquals(producer.Graph, graph) && value.ProducerIndex == 0 ? producer : null;

    /// <summary>One node reads it, and nothing outside does.</summary>
    internal static bool HasOneReader(this Value value) => value is { Uses.Count: 1, IsGraphOutput: false };

    /// <summary>Every output but the first is left out or unread.</summary>
    internal static bool OnlyFirstOutputIsRead(this Node node)
    {
        for (int index = 1; index < node.Outputs.Count; index++)
        {
            if (node.Outputs[index] is { Uses.Count: > 0 } or { IsGraphOutput: true })
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The number in a constant of one element, whatever its axes.</summary>
    internal static bool TryScalar(this Value? value, out double number)
    {
        number = 0;
        return value is { IsConstant: true, Constant.Length: 1 } && Numbers.TryFirst(value.Constant, out number);
    }

    /// <summary>Is it a constant of one element near a number?</summary>
    internal static bool IsNear(this Value? value, double number) =>
        value.TryScalar(out double found) && Math.Abs(found - number) <= Closeness * Math.Max(1e-3, Math.Abs(number));

    /// <summary>Are two numbers as good as the same?</summary>
    internal static bool AreNear(double a, double b) => Math.Abs(a - b) <= Closeness * Math.Max(1e-3, Math.Abs(b));

    /// <summary>The content of a constant of whole numbers, or null.</summary>
    internal static long[]? Integers(this Value? value) => value is { IsConstant: true, Constant: { } tensor } ? Numbers.Integers(tensor) : null;

    /// <summary>The content of a constant of float32 or float64, or null.</summary>
    internal static double[]? Reals(this Value? value) => value is { IsConstant: true, Constant: { } tensor } ? Numbers.Reals(tensor) : null;

    /// <summary>Splits the inputs of a commutative or other two-sided node into its constant and the rest.</summary>
    internal static (Value Other, Value Constant, bool ConstantIsFirst)? WithConstant(Node node) => (node.Input(0), node.Input(1)) switch
    {
        ({ IsConstant: false } other, { IsConstant: true } constant) => (other, constant, false),
        ({ IsConstant: true } constant, { IsConstant: false } other) => (other, constant, true),
        _ => null,
    };

    /// <summary>Does broadcasting a constant against a value leave the value's shape as it is, for certain?</summary>
    internal static bool BroadcastsInto(long[] constant, Value value)
    {
        if (constant.Length == 0)
        {
            return true;
        }
        if (value.Shape is not { } shape || shape.Rank < constant.Length)
        {
            return false;
        }
        for (int index = 0; index < constant.Length; index++)
        {
            long? size = shape[shape.Rank - constant.Length + index].Size;
            if (constant[index] != 1 && constant[index] != size)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Have two shapes the same sizes, given that they have as many elements? One axis may be unknown,
    /// as the rest then leaves only one size for it. Symbols prove nothing: exporters use one for several sizes.
    /// </summary>
    internal static bool AreSameByCount(TensorShape? one, TensorShape? other)
    {
        if (one is null || other is null || one.Rank != other.Rank)
        {
            return false;
        }
        int open = 0;
        for (int axis = 0; axis < one.Rank; axis++)
        {
            (long? a, long? b) = (one[axis].Size, other[axis].Size);
            if (a is null || b is null)
            {
                open++;
            }
            else if (a != b || a == 0)
            {
                return false;
            }
        }
        return open <= 1;
    }
}
