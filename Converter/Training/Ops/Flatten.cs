using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>To a matrix: the axes before one become rows, the others columns.</summary>
internal static class Flatten
{
    private static readonly Operator Operator = new("aten::reshape");

    public static Kernel Compile(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", 1);
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            int split = axis == shape.Length ? shape.Length : NodeContext.Axis(axis, shape.Length);
            frame.Output(Operator.Call(frame.Input(0), new[] { Product(shape.AsSpan(0, split)), Product(shape.AsSpan(split)) }));
        };
    }

    internal static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product *= size;
        }
        return product;
    }
}
