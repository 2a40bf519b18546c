namespace Edge.Graph.Passes;

/// <summary>A pass that looks at one node after the other, in every graph of a model.</summary>
public abstract class NodePass : IGraphPass
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Node node in graph.Nodes)
            {
                if (node.IsInGraph && Rewrite(node, model))
                {
                    changes++;
                }
            }
        }
        return changes;
    }

    /// <summary>Rewrites the place around a node, if the pass applies there.</summary>
    /// <param name="node">A node of the model's graph or of a subgraph; it may be removed, and others with it.</param>
    /// <param name="model">The model, for its operator set versions.</param>
    /// <returns>True if something changed.</returns>
    protected abstract bool Rewrite(Node node, OnnxModel model);
}
