namespace Edge.Graph.Passes;

/// <summary>Removes model-local functions that nothing calls, and imports of operator sets that nothing uses.</summary>
public sealed class RemoveUnusedOpsets : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "remove unused functions and operator sets";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        var called = new HashSet<(string Domain, string Name)>();
        var domains = new HashSet<string>([""], StringComparer.Ordinal);
        Collect(model.Graph, called, domains);
        // A function that is called may call others.
        var pending = new List<OnnxFunction>(model.Functions);
        while (pending.Find(function => called.Contains((function.Domain, function.Name))) is { } live)
        {
            pending.Remove(live);
            domains.UnionWith(live.Opsets.Keys);
            Collect(live.Body, called, domains);
        }
        foreach (OnnxFunction function in pending)
        {
            model.Functions.Remove(function);
            changes++;
        }
        foreach (string domain in model.Opsets.Keys.Where(domain => !domains.Contains(domain)).ToArray())
        {
            // A model imports at least one, even where it has no node left.
            if (model.Opsets.Count > 1)
            {
                model.Opsets.Remove(domain);
                changes++;
            }
        }
        return changes;
    }

    private static void Collect(OnnxGraph root, HashSet<(string Domain, string Name)> called, HashSet<string> domains)
    {
        foreach (OnnxGraph graph in root.WithSubgraphs())
        {
            foreach (Node node in graph.Nodes)
            {
                called.Add((node.Domain, node.OpType));
                domains.Add(node.Domain);
            }
        }
    }
}
