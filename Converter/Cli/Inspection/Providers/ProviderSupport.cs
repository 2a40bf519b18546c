using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Cli.Inspection.Providers;

/// <summary>What an execution provider does with a model's nodes; ONNX Runtime gives the rest to the CPU.</summary>
/// <param name="Provider">Its name in configurations: cpu, cuda, tensorrt, xnnpack or acl.</param>
/// <param name="IsMeasured">True where the engine was asked on this machine, false where a table says so.</param>
/// <param name="Basis">What the statement stands on.</param>
/// <param name="Supported">Nodes that it takes.</param>
/// <param name="Unsupported">Nodes that it leaves.</param>
/// <param name="Operators">The operators that it leaves.</param>
/// <param name="Conditions">What must hold for operators that it takes.</param>
internal sealed record ProviderSupport(
    string Provider, bool IsMeasured, string Basis, int Supported, int Unsupported, IReadOnlyList<SupportFacts.Missing> Operators, IReadOnlyList<string> Conditions)
{
    /// <summary>Asks the CPU provider, and reads the tables of the others.</summary>
    /// <param name="model">A model with inferred types.</param>
    /// <param name="refusal">Why the CPU provider does not load the model; null where it does.</param>
    internal static IEnumerable<ProviderSupport> Of(OnnxModel model, string? refusal)
    {
        Node[] nodes = [.. model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes)];
        Dictionary<string, string?> asked = new(StringComparer.Ordinal);
        string? Ask(Node node)
        {
            string kind = $"{SupportFacts.Name(node)} {string.Join(',', node.Inputs.Select(input => input?.ElementType?.Text()))}";
            return asked.TryGetValue(kind, out string? known) ? known : asked[kind] = CpuRefusal(model, node);
        }
        yield return Count("cpu", "asked on this machine", isMeasured: true, nodes, node => refusal is null ? null : Ask(node), _ => null);
        foreach (ProviderTable table in ProviderTable.All)
        {
            // Constants are initializers by the time that a provider sees them.
            yield return Count(table.Name, $"documented, not measured here: {table.Source}", isMeasured: false, nodes,
                node => node.Is("Constant") ? null : table.Refusal(node, model.Opsets.GetValueOrDefault(node.Domain)), table.Condition);
        }
    }

    private static ProviderSupport Count(string name, string basis, bool isMeasured, Node[] nodes, Func<Node, string?> refusal, Func<Node, string?> condition)
    {
        var left = nodes.Select(node => (Node: node, Reason: refusal(node))).Where(item => item.Reason is not null).ToArray();
        HashSet<Node> leftNodes = [.. left.Select(item => item.Node)];
        return new ProviderSupport(
            name,
            isMeasured,
            basis,
            nodes.Length - left.Length,
            left.Length,
            [.. left.GroupBy(item => SupportFacts.Name(item.Node)).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new SupportFacts.Missing(group.Key, group.Count(), string.Join("; ", group.Select(item => item.Reason).Distinct())))],
            [.. nodes.Where(node => !leftNodes.Contains(node) && condition(node) is not null).Select(node => $"{SupportFacts.Name(node)}: {condition(node)}").Distinct().Order(StringComparer.Ordinal)]);
    }

    // A model of this node alone. One inside a subgraph, or with an input of unknown type, cannot be cut out: it is taken as loading.
    private static string? CpuRefusal(OnnxModel model, Node node)
    {
        Value[] inputs = [.. node.Inputs.OfType<Value>().Where(input => input.Constant is null).Distinct()];
        string[] outputs = [.. node.Outputs.OfType<Value>().Select(output => output.Name)];
        if (node.Graph.Parent is not null || outputs.Length == 0 || inputs.Any(input => input.Type is null))
        {
            return null;
        }
        try
        {
            using var session = new EngineSession(GraphExtractor.Extract(model, [.. inputs.Select(input => input.Name)], outputs), new EngineOptions { Quiet = true }, "it");
            return null;
        }
        catch (ModelFormatException e)
        {
            return e.Message;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
