using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Sums, means, products, extremes and norms over axes; over all axes where none are named.</summary>
internal static class Reduction
{
    private static readonly Operator LargestOperator = new("aten::amax");
    private static readonly Operator SmallestOperator = new("aten::amin");
    private static readonly Operator ProductOperator = new("aten::prod", "dim_int");
    private static readonly Operator NormOperator = new("aten::linalg_vector_norm");
    private static readonly Operator LogSumExpOperator = new("aten::logsumexp");
    private static readonly Operator FullOperator = new("aten::full");

    /// <summary>Reduces over axes, which are never empty unless the tensor has none.</summary>
    public delegate Tensor Over(KernelFrame frame, Tensor tensor, long[] axes, bool keep);

    /// <summary>Axes in an attribute.</summary>
    public static KernelFactory ByAttribute(Over over) => node =>
    {
        bool keep = node.Attributes.GetInt("keepdims", 1) != 0;
        long[] axes = node.Attributes.GetInts("axes", []);
        return frame => frame.Output(Reduce(frame, over, axes, keep));
    };

    /// <summary>Axes as an input; none at all may mean that nothing is reduced.</summary>
    public static KernelFactory ByInput(Over over) => node =>
    {
        bool keep = node.Attributes.GetInt("keepdims", 1) != 0;
        bool emptyIsNone = node.Attributes.GetInt("noop_with_empty_axes", 0) != 0;
        return frame =>
        {
            long[] axes = frame.OptionalIntegers(1) ?? [];
            frame.Output(axes.Length == 0 && emptyIsNone ? over(frame, frame.Unsqueeze(frame.Input(0), 0), [0], false) : Reduce(frame, over, axes, keep));
        };
    };

    public static Tensor Sum(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => frame.Sum(tensor, axes, keep);

    public static Tensor Mean(KernelFrame frame, Tensor tensor, long[] axes, bool keep)
    {
        if (tensor.Type.IsFloatingPoint())
        {
            return frame.Mean(tensor, axes, keep);
        }
        return frame.To(frame.Mean(frame.To(tensor, DataType.Float64), axes, keep), tensor.Type);
    }

    public static Tensor Max(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => Extreme(frame, tensor, axes, keep, LargestOperator, double.NegativeInfinity);

    public static Tensor Min(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => Extreme(frame, tensor, axes, keep, SmallestOperator, double.PositiveInfinity);

    public static Tensor Product(KernelFrame frame, Tensor tensor, long[] axes, bool keep)
    {
        // One axis at a time, the last first, so that the numbers of the others stay as they are.
        long[] order = [.. axes];
        Array.Sort(order);
        Tensor result = tensor;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            result = frame.Run(ProductOperator, result, order[i], keep, tensor.Type);
        }
        return result;
    }

    public static Tensor AbsoluteSum(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => frame.Sum(frame.Abs(tensor), axes, keep);

    public static Tensor Norm(KernelFrame frame, Tensor tensor, long[] axes, bool keep) =>
        tensor.Type.IsFloatingPoint()
            ? frame.Run(NormOperator, tensor, 2, axes, keep)
            : frame.To(frame.Run(NormOperator, frame.To(tensor, DataType.Float64), 2, axes, keep), tensor.Type);

    public static Tensor LogSum(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => frame.Log(frame.Sum(tensor, axes, keep));

    public static Tensor LogSumExp(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => frame.Run(LogSumExpOperator, tensor, axes, keep);

    public static Tensor SquareSum(KernelFrame frame, Tensor tensor, long[] axes, bool keep) => frame.Sum(frame.Multiply(tensor, tensor), axes, keep);

    /// <summary>Every axis of a tensor.</summary>
    public static long[] AllAxes(int rank, int from = 0)
    {
        long[] axes = new long[Math.Max(0, rank - from)];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = from + i;
        }
        return axes;
    }

    private static Tensor Reduce(KernelFrame frame, Over over, long[] axes, bool keep)
    {
        Tensor tensor = frame.Input(0);
        int rank = tensor.Rank;
        long[] used = axes.Length == 0 ? AllAxes(rank) : Array.ConvertAll(axes, axis => (long)NodeContext.Axis(axis, rank));
        return over(frame, tensor, used, keep);
    }

    private static Tensor Extreme(KernelFrame frame, Tensor tensor, long[] axes, bool keep, Operator op, double ofNothing)
    {
        if (tensor.Length > 0)
        {
            return frame.Run(op, tensor, axes, keep);
        }
        if (!tensor.Type.IsFloatingPoint())
        {
            throw new ArgumentException("whole numbers have no extreme over nothing");
        }
        var shape = new List<long>();
        long[] old = tensor.Shape;
        for (int i = 0; i < old.Length; i++)
        {
            if (Array.IndexOf(axes, i) < 0)
            {
                shape.Add(old[i]);
            }
            else if (keep)
            {
                shape.Add(1);
            }
        }
        return frame.Run(FullOperator, shape.ToArray(), ofNothing, tensor.Type, Argument.None, frame.Device);
    }
}
