using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Where the largest or smallest element along an axis stands: the first such place, or the last where that is asked for.</summary>
internal static class ArgExtreme
{
    public static Kernel Max(NodeContext node) => Compile(node, new Operator("aten::argmax"));

    public static Kernel Min(NodeContext node) => Compile(node, new Operator("aten::argmin"));

    private static Kernel Compile(NodeContext node, Operator op)
    {
        long axis = node.Attributes.GetInt("axis", 0);
        bool keep = node.Attributes.GetInt("keepdims", 1) != 0;
        bool last = node.Attributes.GetInt("select_last_index", 0) != 0;
        return frame =>
        {
            Tensor input = frame.Input(0);
            if (!last)
            {
                frame.Output(op.Call(input, axis, keep));
                return;
            }
            long size = input.Shape[NodeContext.Axis(axis, input.Rank)];
            frame.Output(frame.SubtractFrom(size - 1, frame.Run(op, frame.Flip(input, axis), axis, keep)));
        };
    }
}
