using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Writes new entries into a cache of earlier ones, from a place on that each batch has for itself.</summary>
internal static class TensorScatter
{
    private static readonly Operator Replace = new("aten::scatter", "src");

    public static Kernel Compile(NodeContext node)
    {
        long axisAttribute = node.Attributes.GetInt("axis", -2);
        bool circular = node.Attributes.GetString("mode", "linear") switch
        {
            "linear" => false,
            "circular" => true,
            string other => throw node.Unsupported($"mode '{other}' is neither linear nor circular"),
        };
        return frame =>
        {
            Tensor cache = frame.Input(0);
            Tensor update = frame.Input(1);
            long[] shape = update.Shape;
            int axis = NodeContext.Axis(axisAttribute, shape.Length);
            long size = cache.Shape[axis];
            long[] view = new long[shape.Length];
            Array.Fill(view, 1);
            view[axis] = shape[axis];
            Tensor places = frame.Reshape(frame.Count(shape[axis]), view);
            if (frame.OptionalInput(2) is { } starts)
            {
                view[axis] = 1;
                view[0] = shape[0];
                places = frame.Add(places, frame.Reshape(starts, view));
            }
            places = circular ? frame.Remainder(places, size) : places;
            frame.Output(frame.Run(Replace, cache, axis, frame.Expand(places, shape), update));
        };
    }
}
