using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Elements picked by what they are: the largest, those that are not zero, those that differ, those that a condition keeps.</summary>
internal static class Choosing
{
    private static readonly Operator Sort = new("aten::sort", "stable");
    private static readonly Operator NonZeroOperator = new("aten::nonzero");
    private static readonly Operator UniqueOfAll = new("aten::_unique2");
    private static readonly Operator UniqueAlong = new("aten::unique_dim");
    private static readonly Operator Reduce = new("aten::scatter_reduce", "two");
    private static readonly Operator ArgSort = new("aten::argsort", "stable");
    private static readonly Operator ArgMax = new("aten::argmax");
    private static readonly Operator Full = new("aten::full");

    public static Kernel TopKByAttribute(NodeContext node)
    {
        long count = node.Attributes.GetInt("k", 1);
        return TopK(node, _ => count);
    }

    public static Kernel TopKByInput(NodeContext node) => TopK(node, static frame => frame.Integers(1)[0]);

    /// <summary>The places of elements that are not zero: one row an axis, one column an element.</summary>
    public static Kernel NonZero(NodeContext node) => static frame => frame.Output(frame.Swap(frame.Run(NonZeroOperator, frame.Input(0)), 0, 1));

    /// <summary>The slices along an axis, or the elements, for which the condition holds.</summary>
    public static Kernel Compress(NodeContext node)
    {
        long? axis = node.Attributes.Contains("axis") ? node.Attributes.GetInt("axis", 0) : null;
        return frame =>
        {
            Tensor places = frame.Reshape(frame.Run(NonZeroOperator, frame.Input(1)), -1);
            Tensor data = axis is null ? frame.Reshape(frame.Input(0), -1) : frame.Input(0);
            frame.Output(frame.IndexSelect(data, axis ?? 0, places));
        };
    }

    /// <summary>The largest element of each slice along an axis becomes 1, the others 0.</summary>
    public static Kernel Hardmax(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", -1);
        return frame => frame.Output(Hardmax(frame, frame.Input(0), axis));
    }

    /// <summary>The same over all axes from one on, taken together.</summary>
    public static Kernel HardmaxFlattened(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", 1);
        return frame =>
        {
            long[] shape = frame.Input(0).Shape;
            int split = axis == shape.Length ? shape.Length : NodeContext.Axis(axis, shape.Length);
            Tensor matrix = frame.Reshape(frame.Input(0), Flatten.Product(shape.AsSpan(0, split)), Flatten.Product(shape.AsSpan(split)));
            frame.Output(frame.Reshape(Hardmax(frame, matrix, 1), shape));
        };
    }

    /// <summary>Elements or slices without repetition, sorted or in the order in which they first come.</summary>
    public static Kernel Unique(NodeContext node)
    {
        long? axisAttribute = node.Attributes.Contains("axis") ? node.Attributes.GetInt("axis", 0) : null;
        bool sorted = node.Attributes.GetInt("sorted", 1) != 0;
        return frame =>
        {
            Tensor data = frame.Input(0);
            int axis = axisAttribute is { } given ? NodeContext.Axis(given, data.Rank) : 0;
            Tensor?[] results = axisAttribute is null
                ? UniqueOfAll.CallAll(3, frame.Reshape(data, -1), true, true, true)
                : UniqueAlong.CallAll(3, data, axis, true, true, true);
            Tensor values = frame.Hold(results[0]!);
            Tensor places = frame.Reshape(frame.Hold(results[1]!), -1);
            Tensor counts = frame.Hold(results[2]!);
            long size = counts.Shape[0];
            long length = places.Shape[0];
            Tensor none = frame.Run(Full, new[] { size }, length, DataType.Int64, Argument.None, frame.Device);
            Tensor first = frame.Run(Reduce, none, 0, places, frame.Count(length), "amin");
            if (!sorted)
            {
                Tensor order = frame.Run(ArgSort, first, true, 0, false);
                Tensor rank = frame.Run(ArgSort, order, true, 0, false);
                values = frame.IndexSelect(values, axis, order);
                first = frame.IndexSelect(first, 0, order);
                counts = frame.IndexSelect(counts, 0, order);
                places = frame.IndexSelect(rank, 0, places);
            }
            frame.Output(values);
            frame.Output(first, 1);
            frame.Output(places, 2);
            frame.Output(counts, 3);
        };
    }

    private static Kernel TopK(NodeContext node, Func<KernelFrame, long> count)
    {
        long axis = node.Attributes.GetInt("axis", -1);
        bool largest = node.Attributes.GetInt("largest", 1) != 0;
        return frame =>
        {
            long size = count(frame);
            // Of equal elements the one that comes first counts as the larger: libtorch's own topk promises no order.
            Tensor?[] sorted = Sort.CallAll(2, frame.Input(0), true, axis, largest);
            frame.Output(frame.Slice(frame.Hold(sorted[0]!), axis, 0, size));
            frame.Output(frame.Slice(frame.Hold(sorted[1]!), axis, 0, size), 1);
        };
    }

    private static Tensor Hardmax(KernelFrame frame, Tensor input, long axis)
    {
        Tensor largest = frame.Run(ArgMax, input, axis, true);
        int place = NodeContext.Axis(axis, input.Rank);
        long[] shape = new long[input.Rank];
        Array.Fill(shape, 1);
        shape[place] = input.Shape[place];
        return frame.To(frame.AreEqual(largest, frame.Reshape(frame.Count(shape[place]), shape)), input.Type);
    }
}
