using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Cuts a tensor along an axis into parts of the sizes given, or into equal ones.</summary>
internal static class Split
{
    private static readonly Operator Operator = new("aten::split_with_sizes");

    public static Kernel CompileAttribute(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", 0);
        long[]? sizes = node.Attributes.GetInts("split", null);
        int count = node.Node.Outputs.Count;
        return frame => Run(frame, axis, sizes ?? Equal(frame, axis, count));
    }

    public static Kernel CompileInput(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", 0);
        long count = node.Attributes.GetInt("num_outputs", node.Node.Outputs.Count);
        return frame => Run(frame, axis, frame.OptionalIntegers(1) ?? Equal(frame, axis, count));
    }

    /// <summary>Equal parts; the last is smaller where they do not come out even.</summary>
    private static long[] Equal(KernelFrame frame, long axis, long count)
    {
        long size = frame.Input(0).Shape[NodeContext.Axis(axis, frame.Input(0).Rank)];
        long[] sizes = new long[count];
        long part = (size + count - 1) / count;
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Clamp(size - (i * part), 0, part);
        }
        return sizes;
    }

    private static void Run(KernelFrame frame, long axis, long[] sizes)
    {
        Tensor?[] parts = Operator.CallAll(sizes.Length, frame.Input(0), sizes, axis);
        for (int i = 0; i < parts.Length; i++)
        {
            frame.Output(parts[i]!, i);
        }
    }
}
