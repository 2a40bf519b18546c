using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Picks slices or elements by index; negative indices count from the end.</summary>
internal static class Gather
{
    private static readonly Operator Embedding = new("aten::embedding");
    private static readonly Operator GatherOperator = new("aten::gather");

    /// <summary>Slices along an axis, in the shape of the indices.</summary>
    public static Kernel Slices(NodeContext node)
    {
        long axisAttribute = node.Attributes.GetInt("axis", 0);
        return frame =>
        {
            Tensor data = frame.Input(0);
            Tensor indices = frame.Input(1);
            long[] shape = data.Shape;
            int axis = NodeContext.Axis(axisAttribute, shape.Length);
            Tensor places = frame.Places(indices, shape[axis]);
            if (axis == 0 && shape.Length == 2 && data.Type.IsFloatingPoint())
            {
                frame.Output(Embedding.Call(data, places));
                return;
            }
            long[] at = indices.Shape;
            Tensor picked = frame.IndexSelect(data, axis, at.Length == 1 ? places : frame.Reshape(places, -1));
            frame.Output(at.Length == 1 ? picked : frame.Reshape(picked, [.. shape[..axis], .. at, .. shape[(axis + 1)..]]));
        };
    }

    /// <summary>One element for each index, from the same place along the other axes.</summary>
    public static Kernel Elements(NodeContext node)
    {
        long axisAttribute = node.Attributes.GetInt("axis", 0);
        return frame =>
        {
            Tensor data = frame.Input(0);
            long[] shape = data.Shape;
            int axis = NodeContext.Axis(axisAttribute, shape.Length);
            frame.Output(GatherOperator.Call(data, axis, frame.Places(frame.Input(1), shape[axis])));
        };
    }

    /// <summary>A slice for each row of indices, which names a place along the first axes behind the batch.</summary>
    public static Kernel Rows(NodeContext node)
    {
        int batchAxes = (int)node.Attributes.GetInt("batch_dims", 0);
        return frame =>
        {
            Tensor data = frame.Input(0);
            Tensor indices = frame.Input(1);
            long[] shape = data.Shape;
            long[] at = indices.Shape;
            int depth = (int)at[^1];
            long batch = Flatten.Product(shape.AsSpan(0, batchAxes));
            Tensor flat = FlatPlaces(frame, frame.Reshape(indices, batch, -1, depth), shape.AsSpan(batchAxes, depth));
            long places = Flatten.Product(shape.AsSpan(batchAxes, depth));
            if (batch > 1)
            {
                flat = frame.Add(flat, frame.Unsqueeze(frame.Multiply(frame.Count(batch), places), 1));
            }
            long[] rest = shape[(batchAxes + depth)..];
            Tensor rows = frame.Reshape(data, [batch * places, .. rest]);
            frame.Output(frame.Reshape(frame.IndexSelect(rows, 0, frame.Reshape(flat, -1)), [.. at[..^1], .. rest]));
        };
    }

    /// <summary>The number of each place that rows of indices name, in C order over the sizes.</summary>
    public static Tensor FlatPlaces(KernelFrame frame, Tensor indices, ReadOnlySpan<long> sizes)
    {
        Tensor? flat = null;
        for (int i = 0; i < sizes.Length; i++)
        {
            Tensor part = frame.Places(frame.Select(indices, -1, i), sizes[i]);
            flat = flat is null ? part : frame.Add(frame.Multiply(flat, sizes[i]), part);
        }
        return flat ?? throw new ArgumentException("ONNX allows indices [.., 0], which name no element; the training engine does not execute them");
    }
}
