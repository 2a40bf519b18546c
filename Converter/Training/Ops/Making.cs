using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Tensors made from a shape, a range, or by lot.</summary>
internal static class Making
{
    private static readonly Operator RangeOperator = new("aten::arange", "start_step");
    private static readonly Operator NormalOperator = new("aten::randn");
    private static readonly Operator UniformOperator = new("aten::rand");
    private static readonly Operator BernoulliOperator = new("aten::bernoulli");
    private static readonly Operator CloneOperator = new("aten::clone");

    /// <summary>A shape filled with one value; 0 as float32 where none is given.</summary>
    public static Kernel ConstantOfShape(NodeContext node)
    {
        OnnxTensor value = node.Attributes.GetTensor("value") ?? OnnxTensor.Scalar(0f);
        return frame =>
        {
            Tensor one = frame.Hold(TensorConversion.ToTorch(value, node.Node.Describe(), frame.Device));
            frame.Output(CloneOperator.Call(frame.Expand(frame.Reshape(one, []), frame.Integers(0))));
        };
    }

    /// <summary>start, start + delta, … before limit.</summary>
    public static Kernel Range(NodeContext node) => static frame =>
    {
        DataType type = frame.Input(0).Type;
        Argument[] numbers = new Argument[3];
        for (int i = 0; i < 3; i++)
        {
            Tensor wide = frame.To(frame.Input(i), type.IsFloatingPoint() ? DataType.Float64 : DataType.Int64);
            numbers[i] = type.IsFloatingPoint() ? wide.ToArray<double>()[0] : wide.ToArray<long>()[0];
        }
        Tensor result = frame.Run(RangeOperator, numbers[0], numbers[1], numbers[2], type, Argument.None, frame.Device);
        frame.Output(result);
    };

    /// <summary>Ones on a diagonal, in the shape of a matrix.</summary>
    public static Kernel EyeLike(NodeContext node)
    {
        long diagonal = node.Attributes.GetInt("k", 0);
        DataType? type = node.Attributes.Contains("dtype") ? Type(node, DataType.Float32) : null;
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            Tensor rows = frame.Unsqueeze(frame.Add(frame.Count(shape[0]), diagonal), 1);
            frame.Output(frame.To(frame.AreEqual(rows, frame.Count(shape[1])), type ?? frame.Input(0).Type));
        };
    }

    public static Kernel RandomNormal(NodeContext node) => Random(node, NormalOperator, node.Attributes.GetFloat("scale", 1), node.Attributes.GetFloat("mean", 0));

    public static Kernel RandomUniform(NodeContext node)
    {
        double low = node.Attributes.GetFloat("low", 0);
        return Random(node, UniformOperator, node.Attributes.GetFloat("high", 1) - low, low);
    }

    /// <summary>1 with the probability that stands in the input, 0 otherwise.</summary>
    public static Kernel Bernoulli(NodeContext node)
    {
        DataType? type = node.Attributes.Contains("dtype") ? Type(node, DataType.Float32) : null;
        return frame =>
        {
            Tensor drawn = frame.Run(BernoulliOperator, frame.Input(0));
            frame.Output(type is { } wanted ? frame.To(drawn, wanted) : drawn);
        };
    }

    private static Kernel Random(NodeContext node, Operator op, double scale, double shift)
    {
        bool isLike = node.Node.OpType.EndsWith("Like", StringComparison.Ordinal);
        DataType? type = node.Attributes.Contains("dtype") || !isLike ? Type(node, DataType.Float32) : null;
        long[] shape = node.Attributes.GetInts("shape", []);
        return frame =>
        {
            long[] size = isLike ? frame.Input(0).Shape : shape;
            Tensor drawn = frame.Run(op, size, DataType.Float32, Argument.None, frame.Device);
            Tensor moved = frame.Add(frame.Multiply(drawn, scale), shift);
            frame.Output(frame.To(moved, type ?? frame.Input(0).Type));
        };
    }

    private static DataType Type(NodeContext node, DataType fallback)
    {
        var type = (ElementType)node.Attributes.GetInt("dtype", 0);
        return type == ElementType.Undefined ? fallback
            : TensorConversion.ToDataType(type) ?? throw node.Unsupported($"the training engine has no tensors of {type.Text()}");
    }
}
