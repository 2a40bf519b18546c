using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Stores large float32 weights as float16, which halves the file, and widens each by a Cast when the model runs;
/// what is computed stays float32. Run it last: it is for storage.
/// </summary>
public sealed class WeightsToFloat16 : IGraphPass
{
    /// <summary>Tensors with fewer elements stay as they are.</summary>
    public const long SmallestTensor = 256;

    /// <inheritdoc/>
    public string Name => "store weights as float16";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelInputs.CheckCanCast(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Value weight in graph.Initializers.ToArray())
            {
                if (weight is { IsConstant: true, IsGraphOutput: false, Uses.Count: > 0, Constant: { Type: ElementType.Float, Length: >= SmallestTensor } tensor }
                    && HalfTensor.TryNarrow(tensor) is { } half)
                {
                    Store(graph, weight, half);
                    changes++;
                }
            }
        }
        return changes;
    }

    private static void Store(OnnxGraph graph, Value weight, OnnxTensor half)
    {
        string name = weight.Name;
        Value stored = graph.AddConstant(name + "_float16", half);
        Node cast = graph.AddNode("Cast", [stored], [graph.FreshName(name + "_float32")], graph.FreshName(name + "_widen"), graph.Nodes.First);
        cast.Attributes.Set("to", (long)ElementType.Float);
        cast.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(half.Dims));
        weight.ReplaceAllUsesWith(cast.Outputs[0]!);
        graph.RemoveInitializer(weight);
    }
}
