using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The size of a tensor, as a tensor.</summary>
internal static class ShapeOf
{
    /// <summary>The sizes of the axes from start to before end.</summary>
    public static Kernel Shape(NodeContext node)
    {
        long start = node.Attributes.GetInt("start", 0);
        long end = node.Attributes.GetInt("end", long.MaxValue);
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            int from = Place(start, shape.Length);
            int to = Math.Max(from, Place(end, shape.Length));
            frame.Output(frame.Integers(shape.AsSpan(from, to - from)));
        };
    }

    /// <summary>The number of elements.</summary>
    public static Kernel Size(NodeContext node) => static frame =>
        frame.Output(Tensor.From<long>([frame.Input(0).Length], [], frame.Device));

    private static int Place(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);
}
