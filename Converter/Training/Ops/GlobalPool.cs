using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The mean, the largest value or the norm of each channel: [N,C,…] to [N,C,1,…].</summary>
internal static class GlobalPool
{
    private static readonly Operator Mean = new("aten::mean", "dim");
    private static readonly Operator Largest = new("aten::amax");

    private static readonly Operator PowerNorm = new("aten::linalg_vector_norm");

    public static Kernel Average(NodeContext node) => static frame => frame.Output(Mean.Call(frame.Input(0), SpatialAxes(frame.Input(0)), true));

    public static Kernel Max(NodeContext node) => static frame => frame.Output(Largest.Call(frame.Input(0), SpatialAxes(frame.Input(0)), true));

    /// <summary>(Σ |x|ᵖ)^(1/p) of each channel.</summary>
    public static Kernel Norm(NodeContext node)
    {
        double power = node.Attributes.Find("p")?.Content is float real ? real : node.Attributes.GetInt("p", 2);
        return frame => frame.Output(PowerNorm.Call(frame.Input(0), power, SpatialAxes(frame.Input(0)), true));
    }

    private static long[] SpatialAxes(Tensor input)
    {
        int rank = input.Rank;
        if (rank < 3)
        {
            throw new ArgumentException($"an input of {rank} dimensions has no axes behind [N,C]");
        }
        long[] axes = new long[rank - 2];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = i + 2;
        }
        return axes;
    }
}
