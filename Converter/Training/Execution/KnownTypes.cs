using Edge.Graph;
using Edge.Graph.Inference;

namespace Edge.Training.Execution;

/// <summary>What the elements of a model's values are, without a trace of the inference in the model.</summary>
internal static class KnownTypes
{
    public static Dictionary<Value, ElementType> Of(OnnxModel model)
    {
        var before = new List<(Value Value, OnnxType? Type)>();
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs())
        {
            foreach (Value value in graph.Values)
            {
                before.Add((value, value.Type));
            }
        }
        var types = new Dictionary<Value, ElementType>(before.Count);
        try
        {
            ShapeInference.Run(model);
        }
        catch (ModelFormatException)
        {
            // A model that inference refuses may still run; then only what the file declares is known.
        }
        finally
        {
            foreach ((Value value, OnnxType? type) in before)
            {
                if (value.ElementType is { } element and not ElementType.Undefined)
                {
                    types[value] = element;
                }
                value.Type = type;
            }
        }
        return types;
    }
}
