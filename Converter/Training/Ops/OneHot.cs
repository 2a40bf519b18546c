using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>A new axis in which the place that an index names holds one value and all others another; an index outside names none.</summary>
internal static class OneHot
{
    public static Kernel Compile(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", -1);
        return frame =>
        {
            Tensor indices = frame.Input(0);
            long depth = frame.To(frame.Input(1), DataType.Int64).ToArray<long>()[0];
            int rank = indices.Rank + 1;
            int place = NodeContext.Axis(axis, rank);
            long[] shape = new long[rank];
            Array.Fill(shape, 1);
            shape[place] = depth;
            Tensor hit = frame.AreEqual(frame.Unsqueeze(frame.Places(indices, depth), place), frame.Reshape(frame.Count(depth), shape));
            Tensor values = frame.Input(2);
            frame.Output(frame.Where(hit, frame.Select(values, 0, 1), frame.Select(values, 0, 0)));
        };
    }
}
