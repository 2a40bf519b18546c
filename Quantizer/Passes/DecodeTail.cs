using Edge.Graph;
using Edge.Graph.Analysis;

namespace Edge.Quantizer.Passes;

/// <summary>
/// Finds where a detector stops looking and begins to compute boxes: exponentials of sizes, expectations over distances, choice of
/// the best. Coordinates in pixels and products of scores do not fit 256 levels, and cost next to nothing in float.
/// </summary>
internal static class DecodeTail
{
    // Exponentials stand inside activations too; behind those lies the rest of the net.
    private const double LargestShare = 0.01;

    /// <summary>The nodes behind the beginning of decoding, and those where it begins.</summary>
    /// <param name="model">The model, its shapes inferred.</param>
    internal static HashSet<Node> Find(OnnxModel model)
    {
        var tail = new HashSet<Node>();
        var cost = GraphCost.Of(model);
        double all = Math.Max(1, cost.MultiplyAdds);
        foreach (Node node in model.Graph.Nodes)
        {
            if (!tail.Contains(node) && Begins(node))
            {
                HashSet<Node> behind = Behind(node);
                if (behind.Sum(item => cost[item].MultiplyAdds ?? 0) <= LargestShare * all)
                {
                    tail.UnionWith(behind);
                }
            }
        }
        return tail;
    }

    private static bool Begins(Node node) => node.Domain.Length == 0 && node.OpType switch
    {
        "Exp" or "NonMaxSuppression" or "TopK" or "ArgMax" => true,
        // The expectation of a softmax over distances (distribution focal loss): a convolution to one channel.
        "Conv" => node.Input(1)?.Constant is { Dims: [1, ..] } && node.Input(0)?.Producer is { } before && (before.Is("Softmax") || (before.Is("Transpose") && before.Input(0)?.Producer?.Is("Softmax") == true)),
        _ => false,
    };

    private static HashSet<Node> Behind(Node node)
    {
        var behind = new HashSet<Node>();
        var pending = new Stack<Node>([node]);
        while (pending.TryPop(out Node? next))
        {
            if (behind.Add(next))
            {
                foreach (Use use in next.Outputs.OfType<Value>().SelectMany(output => output.Uses))
                {
                    pending.Push(use.Node);
                }
            }
        }
        return behind;
    }
}
