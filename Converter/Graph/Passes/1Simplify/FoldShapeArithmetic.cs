using Edge.Graph.Inference;
using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Infers every shape, and puts constants in the place of what is computed from sizes that are known:
/// the Shape, Gather, Unsqueeze and Concat chains that exporters leave behind.
/// </summary>
/// <remarks>The types that inference writes into the values are what the passes behind this one go by.</remarks>
public sealed class FoldShapeArithmetic : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "compute shapes";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        InferenceResult inferred = ShapeInference.Run(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Node node in graph.Nodes.Backwards())
            {
                foreach (Value? output in node.Outputs)
                {
                    if (output is { IsGraphOutput: false, Uses.Count: > 0 } && Content(output, inferred) is { } tensor)
                    {
                        output.ReplaceAllUsesWith(graph.AddConstant(output.Name, tensor));
                        changes++;
                    }
                }
                node.TryRemove();
            }
        }
        return changes;
    }

    private static OnnxTensor? Content(Value value, InferenceResult inferred)
    {
        if (value.Type is not TensorType { Shape: { } shape } type || type.Element is not (ElementType.Int64 or ElementType.Int32 or ElementType.Bool)
            || shape.ToFixed() is not { } dims || !inferred.TryGetContent(value, out long[] content))
        {
            return null;
        }
        return type.Element switch
        {
            ElementType.Int64 => OnnxTensor.From<long>(content, dims),
            ElementType.Int32 => OnnxTensor.From<int>(Array.ConvertAll(content, item => (int)item), dims),
            _ => OnnxTensor.From<bool>(Array.ConvertAll(content, item => item != 0), dims),
        };
    }
}
