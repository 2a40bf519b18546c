using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>Class numbers as columns.</summary>
internal static class OneHot
{
    private static readonly Operator Expand = new("aten::one_hot");
    private static readonly Operator Reshape = new("aten::reshape");
    private static readonly Operator ToLike = new("aten::to", "other");

    /// <summary>
    /// Columns like an output: [N, classes] of zeros with a one, or [N, 1] of 0 and 1 for two classes in one column. Null where
    /// the target holds no class numbers. The caller disposes it.
    /// </summary>
    public static Tensor? Of(Tensor target, Tensor output)
    {
        if (target.Type != DataType.Int64)
        {
            return null;
        }
        long[] shape = output.Shape;
        using Tensor columns = shape.Length < 2 || shape[^1] == 1 ? Reshape.Call(target, shape) : Expand.Call(target, shape[^1]);
        return ToLike.Call(columns, output);
    }
}
