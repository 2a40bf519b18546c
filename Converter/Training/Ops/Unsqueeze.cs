using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Puts axes of size 1 where the result should have them.</summary>
internal static class Unsqueeze
{
    private static readonly Operator Operator = new("aten::reshape");

    public static Kernel CompileAttribute(NodeContext node)
    {
        long[] axes = node.Attributes.GetInts("axes", null) ?? throw node.Unsupported("the attribute axes is missing");
        return frame => Run(frame, axes);
    }

    public static Kernel CompileInput(NodeContext node) => static frame => Run(frame, frame.Integers(1));

    private static void Run(KernelFrame frame, long[] axes)
    {
        long[] shape = frame.Input(0).Shape;
        long[] result = new long[shape.Length + axes.Length];
        bool[] added = new bool[result.Length];
        foreach (long axis in axes)
        {
            int index = NodeContext.Axis(axis, result.Length);
            added[index] = added[index] ? throw new ArgumentException($"axis {index} is named twice") : true;
        }
        int next = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = added[i] ? 1 : shape[next++];
        }
        frame.Output(Operator.Call(frame.Input(0), result));
    }
}
