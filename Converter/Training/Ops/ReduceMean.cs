using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The mean over axes; over all where none are named.</summary>
internal static class ReduceMean
{
    private static readonly Operator Operator = new("aten::mean", "dim");

    public static Kernel CompileAttribute(NodeContext node)
    {
        bool keep = node.Attributes.GetInt("keepdims", 1) != 0;
        long[]? axes = node.Attributes.GetInts("axes", null);
        return frame => frame.Output(Operator.Call(frame.Input(0), axes ?? All(frame.Input(0).Rank), keep));
    }

    public static Kernel CompileInput(NodeContext node)
    {
        bool keep = node.Attributes.GetInt("keepdims", 1) != 0;
        bool emptyIsNone = node.Attributes.GetInt("noop_with_empty_axes", 0) != 0;
        return frame =>
        {
            long[] axes = frame.OptionalIntegers(1) ?? [];
            frame.Output(axes.Length == 0 && emptyIsNone
                ? frame.Input(0).Share()
                : Operator.Call(frame.Input(0), axes.Length == 0 ? All(frame.Input(0).Rank) : axes, keep));
        };
    }

    private static long[] All(int rank)
    {
        long[] axes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            axes[i] = i;
        }
        return axes;
    }
}
