using Edge.Graph;
using Edge.Graph.Inference;

namespace Edge.Cli.Inspection;

/// <summary>Shapes of a model, with the sizes that a user fixed.</summary>
internal static class KnownShapes
{
    /// <summary>Infers every shape.</summary>
    /// <exception cref="ModelFormatException">A name is no input of the model, or has another number of axes.</exception>
    internal static InferenceResult Infer(OnnxModel model, string source, IReadOnlyDictionary<string, TensorShape>? inputs)
    {
        foreach ((string name, TensorShape wanted) in inputs ?? new Dictionary<string, TensorShape>())
        {
            CheckOpen(model.Graph.Find(name)?.Shape, wanted, name, source);
        }
        try
        {
            return ShapeInference.Run(model, inputs);
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException($"{source}: {e.Message.Split(" (Parameter")[0]}; correct --input", e);
        }
    }

    // Sizes that the file fixes are built into the graph.
    private static void CheckOpen(TensorShape? declared, TensorShape wanted, string name, string source)
    {
        for (int axis = 0; declared is not null && declared.Rank == wanted.Rank && axis < wanted.Rank; axis++)
        {
            if (declared[axis].Size is { } size && wanted[axis].Size is { } other && size != other)
            {
                throw new ModelFormatException($"{source}: input '{name}' is {declared}; --input can give a size to an open axis, not change axis {axis} to {other}");
            }
        }
    }

    /// <summary>A copy of a model in which the outermost axis of every input is 1 where it is open; null where none is.</summary>
    internal static OnnxModel? WithBatchOfOne(OnnxModel model)
    {
        Dictionary<string, TensorShape> single = [];
        foreach (Value input in model.Graph.Inputs)
        {
            if (input.Constant is null && input.Shape is { Rank: > 0 } shape && shape[0].Size is null)
            {
                single[input.Name] = new TensorShape([1, .. Enumerable.Repeat(Dimension.Unknown, shape.Rank - 1)]);
            }
        }
        if (single.Count == 0)
        {
            return null;
        }
        OnnxModel copy = model.Copy();
        ShapeInference.Run(copy, single);
        return copy;
    }
}
