using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Common subexpressions: of nodes that do the same with the same inputs, one stays.</summary>
/// <remarks>Nodes that draw random numbers, hold subgraphs or are not ONNX's own are left alone.</remarks>
public sealed class MergeEqualNodes : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "merge equal nodes";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            var kept = new Dictionary<Node, Node>(NodeContentComparer.Instance);
            foreach (Node node in graph.Nodes)
            {
                if (!node.IsInGraph || !CanMerge(node) || kept.TryAdd(node, node))
                {
                    continue;
                }
                changes += Merge(node, kept[node]) ? 1 : 0;
            }
        }
        return changes;
    }

    private static bool CanMerge(Node node) =>
        node.Domain.Length == 0 && !Operators.IsRandom(node) && !node.Attributes.Subgraphs().Any();

    private static bool Merge(Node node, Node kept)
    {
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            bool isMissing = node.Outputs[index] is { } output
                && (kept.Outputs[index] is not { } same || (output.IsGraphOutput && same.IsGraphOutput));
            if (isMissing)
            {
                return false;
            }
        }
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            if (node.Outputs[index] is { } output)
            {
                Value same = kept.Outputs[index]!;
                same.Type = output.IsGraphOutput ? output.Type ?? same.Type : same.Type ?? output.Type;
                output.ReplaceAllUsesWith(same);
            }
        }
        return node.TryRemove();
    }
}
