using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Functions of two or more tensors, element by element, with NumPy's broadcasting.</summary>
internal static class Arithmetic
{
    private static readonly Operator DivideOperator = new("aten::div", "Tensor");
    private static readonly Operator DivideRounded = new("aten::div", "Tensor_mode");
    private static readonly Operator RemainderOperator = new("aten::remainder", "Tensor");
    private static readonly Operator FmodOperator = new("aten::fmod", "Tensor");
    private static readonly Operator PowerOperator = new("aten::pow", "Tensor_Tensor");
    private static readonly Operator ShiftLeft = new("aten::bitwise_left_shift", "Tensor");
    private static readonly Operator ShiftRight = new("aten::bitwise_right_shift", "Tensor");
    private static readonly Operator WhereOperator = new("aten::where", "self");

    public static KernelFactory Of(string name, string overload = "Tensor")
    {
        var op = new Operator(name, overload);
        return _ => frame => frame.Output(op.Call(frame.Input(0), frame.Input(1)));
    }

    /// <summary>Any number of inputs, taken together two by two.</summary>
    public static KernelFactory All(string name, string overload = "")
    {
        var op = new Operator(name, overload);
        return _ => frame => frame.Output(Fold(frame, op));
    }

    /// <summary>Integer division truncates towards zero, as ONNX asks.</summary>
    public static Kernel Divide(NodeContext node) => static frame =>
        frame.Output(frame.Input(0).Type.IsFloatingPoint()
            ? DivideOperator.Call(frame.Input(0), frame.Input(1))
            : DivideRounded.Call(frame.Input(0), frame.Input(1), "trunc"));

    /// <summary>The remainder with the divisor's sign, or with the dividend's where fmod is set.</summary>
    public static Kernel Mod(NodeContext node)
    {
        Operator op = node.Attributes.GetInt("fmod", 0) != 0 ? FmodOperator : RemainderOperator;
        return frame => frame.Output(op.Call(frame.Input(0), frame.Input(1)));
    }

    /// <summary>The base decides the type of the result.</summary>
    public static Kernel Power(NodeContext node) => static frame =>
    {
        Tensor x = frame.Input(0);
        Tensor result = frame.Run(PowerOperator, x, frame.Input(1));
        frame.Output(result.Type == x.Type ? result : frame.To(result, x.Type));
    };

    public static Kernel Mean(NodeContext node)
    {
        var add = new Operator("aten::add", "Tensor");
        return frame => frame.Output(frame.Multiply(Fold(frame, add), 1.0 / frame.InputCount));
    }

    public static Kernel BitShift(NodeContext node)
    {
        Operator op = node.Attributes.GetString("direction", "") switch
        {
            "LEFT" => ShiftLeft,
            "RIGHT" => ShiftRight,
            string other => throw node.Unsupported($"direction '{other}' is neither LEFT nor RIGHT"),
        };
        return frame => frame.Output(op.Call(frame.Input(0), frame.Input(1)));
    }

    public static Kernel Where(NodeContext node) => static frame =>
        frame.Output(WhereOperator.Call(frame.Input(0), frame.Input(1), frame.Input(2)));

    private static Tensor Fold(KernelFrame frame, Operator op)
    {
        Tensor result = frame.Input(0);
        for (int i = 1; i < frame.InputCount; i++)
        {
            result = frame.Run(op, result, frame.Input(i));
        }
        return result;
    }
}
