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
        try
        {
            return ShapeInference.Run(model, inputs);
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException($"{source}: {e.Message.Split(" (Parameter")[0]}; correct --input", e);
        }
    }

    /// <summary>A copy of a model in which the outermost axis of every input is 1 where it is open; null where none is.</summary>
    internal static OnnxModel? WithBatchOfOne(OnnxModel model, string source)
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
        OnnxModel copy = OnnxModel.Parse(model.ToBytes(), source);
        ShapeInference.Run(copy, single);
        return copy;
    }
}
