using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Reorders axes; reverses them where no order is given.</summary>
internal static class Transpose
{
    private static readonly Operator Operator = new("aten::permute");

    public static Kernel Compile(NodeContext node)
    {
        long[]? order = node.Attributes.GetInts("perm", null);
        return frame => frame.Output(Operator.Call(frame.Input(0), order ?? Reversed(frame.Input(0).Rank)));
    }

    private static long[] Reversed(int rank)
    {
        long[] order = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            order[i] = rank - 1 - i;
        }
        return order;
    }
}
