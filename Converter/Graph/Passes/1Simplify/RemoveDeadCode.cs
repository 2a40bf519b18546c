namespace Edge.Graph.Passes;

/// <summary>Removes nodes and weights that no output depends on.</summary>
public sealed class RemoveDeadCode : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "remove dead code";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Node node in graph.Nodes.Backwards())
            {
                changes += node.TryRemove() ? 1 : 0;
            }
        }
        // Weights come last: a subgraph may have been the reader of one in the graph around it.
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs())
        {
            foreach (Value value in graph.Initializers.ToArray())
            {
                if (value is { Uses.Count: 0, IsGraphInput: false, IsGraphOutput: false })
                {
                    graph.RemoveInitializer(value);
                    changes++;
                }
            }
        }
        return changes;
    }
}
