using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Turns the first elements of each sequence of a batch round, as many as its length says; the rest stays.</summary>
internal static class ReverseSequence
{
    private static readonly Operator Gather = new("aten::gather");

    public static Kernel Compile(NodeContext node)
    {
        int timeAxis = (int)node.Attributes.GetInt("time_axis", 0);
        int batchAxis = (int)node.Attributes.GetInt("batch_axis", 1);
        if (timeAxis + batchAxis != 1)
        {
            throw node.Unsupported($"time_axis {timeAxis} and batch_axis {batchAxis} are not the first two axes");
        }
        return frame => frame.Output(Reverse(frame, frame.Input(0), frame.Input(1), timeAxis));
    }

    /// <summary>Reverses sequences whose times stand on axis 0 or 1 and whose batch stands on the other.</summary>
    public static Tensor Reverse(KernelFrame frame, Tensor input, Tensor lengths, int timeAxis)
    {
        long[] shape = input.Shape;
        Tensor times = frame.Unsqueeze(frame.Count(shape[timeAxis]), 1 - timeAxis);
        Tensor ends = frame.Unsqueeze(lengths, timeAxis);
        Tensor turned = frame.Add(frame.Subtract(ends, times), -1);
        Tensor from = frame.Where(frame.IsLess(turned, 0), times, turned);
        long[] view = new long[shape.Length];
        Array.Fill(view, 1);
        shape.AsSpan(0, 2).CopyTo(view);
        return frame.Run(Gather, input, timeAxis, frame.Expand(frame.Reshape(from, view), shape));
    }
}
