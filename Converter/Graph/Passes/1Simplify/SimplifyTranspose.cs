using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes a Transpose that moves nothing, and makes one of two in a row.</summary>
public sealed class SimplifyTranspose : NodePass
{
    /// <inheritdoc/>
    public override string Name => "simplify Transpose";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("Transpose") || node.Input(0) is not { } input || Permutation(node) is not { } permutation)
        {
            return false;
        }
        if (IsIdentity(permutation))
        {
            return Edits.Bypass(node, input);
        }
        if (input.MadeBy("Transpose", node.Graph) is not { } inner || Permutation(inner) is not { } first || first.Length != permutation.Length)
        {
            return false;
        }
        long[] composed = Array.ConvertAll(permutation, axis => first[axis]);
        if (IsIdentity(composed))
        {
            return Edits.Bypass(node, inner.Inputs[0]!);
        }
        node.SetInput(0, inner.Inputs[0]);
        node.Attributes.Set("perm", composed);
        return true;
    }

    /// <summary>Which input axis each output axis is; null where it is left to a rank that is not known, or is no permutation.</summary>
    internal static long[]? Permutation(Node node)
    {
        long[]? permutation = node.Attributes.GetInts("perm", null);
        if (permutation is null)
        {
            if (node.Input(0)?.Shape is not { } shape)
            {
                return null;
            }
            permutation = new long[shape.Rank];
            for (int axis = 0; axis < permutation.Length; axis++)
            {
                permutation[axis] = permutation.Length - 1 - axis;
            }
        }
        long[] sorted = [.. permutation.Order()];
        return IsIdentity(sorted) ? permutation : null;
    }

    private static bool IsIdentity(long[] permutation)
    {
        for (int axis = 0; axis < permutation.Length; axis++)
        {
            if (permutation[axis] != axis)
            {
                return false;
            }
        }
        return true;
    }
}
