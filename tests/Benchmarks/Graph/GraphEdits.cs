using Edge.Graph;

namespace Edge.Benchmarks.Graph;

/// <summary>Every edit of a graph, at every node.</summary>
public static class GraphEdits
{
    /// <summary>Renames, inserts, rewires, replaces, extracts and removes throughout a model.</summary>
    /// <param name="model">The model; it is changed.</param>
    public static void Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxGraph graph = model.Graph;
        foreach (Node node in graph.Nodes.ToArray())
        {
            Value output = node.Outputs[0]!;
            if (!output.IsGraphOutput)
            {
                graph.Rename(output, graph.FreshName("renamed"));
            }
            Node added = graph.InsertBehind(output, "Identity", graph.FreshName("identity"));
            added.Outputs[0]!.ReplaceAllUsesWith(output);
            if (!added.TryRemove())
            {
                throw new InvalidOperationException($"{added.Describe()} is still read");
            }
        }
        _ = GraphExtractor.Extract(model, [graph.Inputs[0].Name], [graph.Outputs[0].Name]);
        graph.RemoveOutput(graph.Outputs[0]);
        foreach (Node node in graph.Nodes.Backwards())
        {
            _ = node.TryRemove();
        }
    }
}
