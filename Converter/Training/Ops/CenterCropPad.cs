using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Cuts axes around their middle, or pads them with zeros on both sides, to given sizes.</summary>
internal static class CenterCropPad
{
    public static Kernel Compile(NodeContext node)
    {
        long[]? axesAttribute = node.Attributes.GetInts("axes", null);
        return frame =>
        {
            Tensor result = frame.Input(0);
            long[] shape = result.Shape;
            long[] sizes = frame.Integers(1);
            for (int i = 0; i < sizes.Length; i++)
            {
                int axis = NodeContext.Axis(axesAttribute?[i] ?? i, shape.Length);
                long more = sizes[i] - shape[axis];
                if (more < 0)
                {
                    long start = -more / 2;
                    result = frame.Slice(result, axis, start, start + sizes[i]);
                }
                else if (more > 0)
                {
                    long[] pads = new long[2 * (shape.Length - axis)];
                    pads[^2] = more / 2;
                    pads[^1] = more - (more / 2);
                    result = frame.Pad(result, pads, 0);
                }
            }
            frame.Output(result);
        };
    }
}
