using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Running sums and products along an axis: without the element itself where exclusive, from the end where reverse.</summary>
internal static class Cumulative
{
    public static Kernel Sum(NodeContext node) => Compile(node, new Operator("aten::cumsum"), 0);

    public static Kernel Product(NodeContext node) => Compile(node, new Operator("aten::cumprod"), 1);

    private static Kernel Compile(NodeContext node, Operator op, long neutral)
    {
        bool exclusive = node.Attributes.GetInt("exclusive", 0) != 0;
        bool reverse = node.Attributes.GetInt("reverse", 0) != 0;
        return frame =>
        {
            Tensor input = frame.Input(0);
            int rank = input.Rank;
            int axis = NodeContext.Axis(frame.Integers(1)[0], rank);
            Tensor values = reverse ? frame.Flip(input, axis) : input;
            if (exclusive)
            {
                long[] pads = new long[2 * (rank - axis)];
                pads[^2] = 1;
                pads[^1] = -1;
                values = frame.Pad(values, pads, neutral);
            }
            Tensor result = frame.Run(op, values, axis, input.Type);
            frame.Output(reverse ? frame.Flip(result, axis) : result);
        };
    }
}
