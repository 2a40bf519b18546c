using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The same numbers, or the same bits, as elements of another type.</summary>
internal static class Cast
{
    private static readonly Operator ToType = new("aten::to", "dtype");
    private static readonly Operator View = new("aten::view", "dtype");

    public static Kernel ByAttribute(NodeContext node)
    {
        DataType type = Type(node, (ElementType)node.Attributes.GetInt("to", 0));
        return frame => Run(frame, type);
    }

    public static Kernel ByInput(NodeContext node)
    {
        if (node.InputType(1) is { } known)
        {
            _ = Type(node, known);
        }
        return static frame => Run(frame, frame.Input(1).Type);
    }

    public static Kernel Bits(NodeContext node)
    {
        var to = (ElementType)node.Attributes.GetInt("to", 0);
        DataType type = Type(node, to);
        ElementType from = node.InputType(0) ?? throw node.Unsupported("the type of its input is not known");
        bool widerInput = from is ElementType.UInt16 or ElementType.UInt32;
        bool widerOutput = to is ElementType.UInt16 or ElementType.UInt32;
        DataType narrowInput = from == ElementType.UInt16 ? DataType.Int16 : DataType.Int32;
        DataType narrowOutput = to == ElementType.UInt16 ? DataType.Int16 : DataType.Int32;
        return frame =>
        {
            Tensor bits = widerInput ? frame.To(frame.Input(0), narrowInput) : frame.Input(0);
            Tensor seen = frame.Run(View, bits, widerOutput ? narrowOutput : type);
            frame.Output(widerOutput ? frame.To(seen, type) : seen);
        };
    }

    private static DataType Type(NodeContext node, ElementType type) =>
        TensorConversion.ToDataType(type) ?? throw node.Unsupported($"the training engine has no tensors of {type.Text()}");

    private static void Run(KernelFrame frame, DataType type) =>
        frame.Output(frame.Input(0).Type == type ? frame.Input(0).Share() : ToType.Call(frame.Input(0), type));
}
