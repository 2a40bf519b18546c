namespace Edge.Graph.Passes;

/// <summary>Removes Identity, except where a graph gives out its own input or a weight and needs it.</summary>
public sealed class RemoveIdentity : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "remove Identity";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Node node in graph.Nodes)
            {
                if (!node.Is("Identity") || node.Inputs is not [{ } input] || node.Outputs is not [{ } output])
                {
                    continue;
                }
                bool isNeeded = output.IsGraphOutput && (!ReferenceEquals(input.Graph, graph) || input.Producer is null || input.IsGraphOutput);
                if (!isNeeded)
                {
                    output.ReplaceAllUsesWith(input);
                    changes += node.TryRemove() ? 1 : 0;
                }
            }
        }
        return changes;
    }
}
