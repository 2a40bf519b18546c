using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>A copy of a tensor in which the elements or slices at indices are replaced, or joined with new ones.</summary>
internal static class Scatter
{
    private static readonly Operator Replace = new("aten::scatter", "src");
    private static readonly Operator Add = new("aten::scatter_add");
    private static readonly Operator Reduce = new("aten::scatter_reduce", "two");

    /// <summary>One element for each index, at the same place along the other axes.</summary>
    public static Kernel Elements(NodeContext node)
    {
        long axisAttribute = node.Attributes.GetInt("axis", 0);
        string? reduction = Reduction(node);
        return frame =>
        {
            Tensor data = frame.Input(0);
            int axis = NodeContext.Axis(axisAttribute, data.Rank);
            Tensor places = frame.Places(frame.Input(1), data.Shape[axis]);
            frame.Output(Run(frame, reduction, data, axis, places, frame.Input(2)));
        };
    }

    /// <summary>A slice for each row of indices, which names a place along the first axes.</summary>
    public static Kernel Rows(NodeContext node)
    {
        string? reduction = Reduction(node);
        return frame =>
        {
            Tensor data = frame.Input(0);
            Tensor indices = frame.Input(1);
            long[] shape = data.Shape;
            int depth = (int)indices.Shape[^1];
            long places = Flatten.Product(shape.AsSpan(0, depth));
            long inner = Flatten.Product(shape.AsSpan(depth));
            Tensor flat = frame.Reshape(Gather.FlatPlaces(frame, indices, shape.AsSpan(0, depth)), -1, 1);
            long rows = flat.Shape[0];
            Tensor result = Run(
                frame, reduction, frame.Reshape(data, places, inner), 0, frame.Expand(flat, rows, inner), frame.Reshape(frame.Input(2), rows, inner));
            frame.Output(frame.Reshape(result, shape));
        };
    }

    private static string? Reduction(NodeContext node) => node.Attributes.GetString("reduction", "none") switch
    {
        "none" => null,
        "add" => "sum",
        "mul" => "prod",
        "max" => "amax",
        "min" => "amin",
        string other => throw node.Unsupported($"reduction '{other}' is not one of none, add, mul, max, min"),
    };

    private static Tensor Run(KernelFrame frame, string? reduction, Tensor data, long axis, Tensor places, Tensor updates) => reduction switch
    {
        null => frame.Run(Replace, data, axis, places, updates),
        "sum" => frame.Run(Add, data, axis, places, updates),
        _ => frame.Run(Reduce, data, axis, places, updates, reduction),
    };
}
