using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>A part of every axis: from start to before end, in steps, backwards where a step is negative.</summary>
internal static class Slice
{
    private static readonly Operator Arange = new("aten::arange", "start_step");

    public static Kernel CompileAttributes(NodeContext node)
    {
        long[] starts = node.Attributes.GetInts("starts", null) ?? throw node.Unsupported("the attribute starts is missing");
        long[] ends = node.Attributes.GetInts("ends", null) ?? throw node.Unsupported("the attribute ends is missing");
        long[]? axes = node.Attributes.GetInts("axes", null);
        return frame => Run(frame, starts, ends, axes, null);
    }

    public static Kernel CompileInputs(NodeContext node) => static frame =>
        Run(frame, frame.Integers(1), frame.Integers(2), frame.OptionalIntegers(3), frame.OptionalIntegers(4));

    private static void Run(KernelFrame frame, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        if (ends.Length != starts.Length || (axes ?? starts).Length != starts.Length || (steps ?? starts).Length != starts.Length)
        {
            throw new ArgumentException("starts, ends, axes and steps differ in length");
        }
        Tensor result = frame.Input(0);
        long[] shape = result.Shape;
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = NodeContext.Axis(axes?[i] ?? i, shape.Length);
            long step = steps?[i] ?? 1;
            long size = shape[axis];
            long start = starts[i] < 0 ? starts[i] + size : starts[i];
            long end = ends[i] < 0 ? ends[i] + size : ends[i];
            if (step > 0)
            {
                start = Math.Clamp(start, 0, size);
                end = Math.Clamp(end, start, size);
                if (start != 0 || end != size || step != 1)
                {
                    result = frame.Slice(result, axis, start, end, step);
                }
                continue;
            }
            if (step == 0)
            {
                throw new ArgumentException("a step is 0");
            }
            start = Math.Clamp(start, -1, size - 1);
            end = Math.Clamp(end, -1, start);
            result = frame.IndexSelect(result, axis, frame.Run(Arange, start, end, step, DataType.Int64, Argument.None, frame.Device));
        }
        frame.Output(result);
    }
}
