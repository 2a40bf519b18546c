using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// eˣ normalised to a sum of 1, and its logarithm. From opset 13 on over one axis; before that over all axes from one on,
/// taken together.
/// </summary>
internal static class Softmax
{
    private static readonly Operator Plain = new("aten::softmax", "int");
    private static readonly Operator Logarithm = new("aten::log_softmax", "int");
    private static readonly Operator Reshape = new("aten::reshape");

    public static Kernel OneAxis(NodeContext node) => OverAxis(node, Plain);

    public static Kernel LogOneAxis(NodeContext node) => OverAxis(node, Logarithm);

    public static Kernel Flattened(NodeContext node) => OverTail(node, Plain);

    public static Kernel LogFlattened(NodeContext node) => OverTail(node, Logarithm);

    private static Kernel OverAxis(NodeContext node, Operator op)
    {
        long axis = node.Attributes.GetInt("axis", -1);
        return frame => frame.Output(op.Call(frame.Input(0), axis));
    }

    private static Kernel OverTail(NodeContext node, Operator op)
    {
        long axis = node.Attributes.GetInt("axis", 1);
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            int split = axis == shape.Length ? shape.Length : NodeContext.Axis(axis, shape.Length);
            long rows = Flatten.Product(shape.AsSpan(0, split));
            using Tensor matrix = Reshape.Call(frame.Input(0), new[] { rows, Flatten.Product(shape.AsSpan(split)) });
            using Tensor result = op.Call(matrix, 1);
            frame.Output(Reshape.Call(result, shape));
        };
    }
}
