using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The same elements in another shape: 0 keeps an axis (unless allowzero), one −1 takes what is left.</summary>
internal static class Reshape
{
    private static readonly Operator Operator = new("aten::reshape");

    public static Kernel CompileAttribute(NodeContext node)
    {
        long[] wanted = node.Attributes.GetInts("shape", null) ?? throw node.Unsupported("the attribute shape is missing");
        return frame => Run(frame, wanted, allowZero: false);
    }

    public static Kernel Compile(NodeContext node)
    {
        bool allowZero = node.Attributes.GetInt("allowzero", 0) != 0;
        return frame => Run(frame, frame.Integers(1), allowZero);
    }

    private static void Run(KernelFrame frame, long[] wanted, bool allowZero)
    {
        if (!allowZero && Array.IndexOf(wanted, 0) >= 0)
        {
            long[] shape = frame.Input(0).Shape;
            wanted = [.. wanted];
            for (int i = 0; i < wanted.Length; i++)
            {
                wanted[i] = wanted[i] != 0 ? wanted[i]
                    : i < shape.Length ? shape[i]
                    : throw new ArgumentException($"axis {i} of the new shape is to be kept, and the input has {shape.Length} axes");
            }
        }
        frame.Output(Operator.Call(frame.Input(0), wanted));
    }
}
