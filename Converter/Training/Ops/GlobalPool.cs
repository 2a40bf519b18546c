using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The mean or the largest value of each channel: [N,C,…] to [N,C,1,…].</summary>
internal static class GlobalPool
{
    private static readonly Operator Mean = new("aten::mean", "dim");
    private static readonly Operator Largest = new("aten::amax");

    public static Kernel Average(NodeContext node) => static frame => frame.Output(Mean.Call(frame.Input(0), SpatialAxes(frame.Input(0)), true));

    public static Kernel Max(NodeContext node) => static frame => frame.Output(Largest.Call(frame.Input(0), SpatialAxes(frame.Input(0)), true));

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
