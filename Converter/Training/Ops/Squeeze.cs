using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Takes away axes of size 1: those named, or all.</summary>
internal static class Squeeze
{
    private static readonly Operator Operator = new("aten::reshape");

    public static Kernel CompileAttribute(NodeContext node)
    {
        long[]? axes = node.Attributes.GetInts("axes", null);
        return frame => Run(frame, axes);
    }

    public static Kernel CompileInput(NodeContext node) => static frame => Run(frame, frame.OptionalIntegers(1));

    private static void Run(KernelFrame frame, long[]? axes)
    {
        long[] shape = frame.Input(0).Shape;
        bool[] gone = new bool[shape.Length];
        foreach (long axis in axes ?? [])
        {
            int index = NodeContext.Axis(axis, shape.Length);
            gone[index] = shape[index] == 1 ? true : throw new ArgumentException($"axis {index} has size {shape[index]}, not 1");
        }
        var left = new List<long>(shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            if (axes is null ? shape[i] != 1 : !gone[i])
            {
                left.Add(shape[i]);
            }
        }
        frame.Output(Operator.Call(frame.Input(0), left.ToArray()));
    }
}
