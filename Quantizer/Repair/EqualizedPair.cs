using Edge.Graph;

namespace Edge.Quantizer.Repair;

/// <summary>A layer whose channels may be scaled, since every reader of what it gives can scale them back.</summary>
/// <param name="Layer">The layer that makes the channels.</param>
/// <param name="End">What its readers read, behind an activation that keeps scales, such as Relu.</param>
/// <param name="Readers">The layers with weights that read it, maybe through a pool.</param>
internal sealed record EqualizedPair(Node Layer, Value End, IReadOnlyList<Node> Readers)
{
    /// <summary>The channels.</summary>
    internal int Channels => (int)Layer.Inputs[1]!.Constant!.Dims[Passes.QuantizationPlan.WeightAxis(Layer)];

    /// <summary>Every pair of a graph, in its order.</summary>
    internal static IEnumerable<EqualizedPair> Of(OnnxGraph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            if (IsLayer(node) && EndOf(node) is { } end && ReadersOf(end) is { Count: > 0 } readers)
            {
                yield return new EqualizedPair(node, end, readers);
            }
        }
    }

    /// <summary>Is every input channel of a layer read by one output channel only?</summary>
    internal static bool IsDepthwise(Node node) => node.Is("Conv") && node.Attributes.GetInt("group", 1) > 1;

    private static bool IsLayer(Node node) =>
        node.Domain.Length == 0 && (node.OpType == "Conv" || (node.OpType == "Gemm" && node.Attributes.GetInt("transA", 0) == 0))
        && OwnFloat(node.Input(1)) && (node.Input(2) is not { } bias || OwnFloat(bias)) && node.Input(0) is { IsConstant: false };

    // Weights that another node reads too cannot change for one of them.
    private static bool OwnFloat(Value? value) => value is { IsConstant: true, Constant.Type: ElementType.Float, Uses.Count: 1, IsGraphOutput: false };

    private static Value? EndOf(Node node)
    {
        Value output = node.Outputs[0]!;
        while (output is { Uses.Count: 1, IsGraphOutput: false } && output.Uses.First().Node is { Domain: "", OpType: "Relu" or "LeakyRelu" } next)
        {
            output = next.Outputs[0]!;
        }
        return output.IsGraphOutput ? null : output;
    }

    private static List<Node>? ReadersOf(Value end)
    {
        var readers = new List<Node>();
        foreach (Use use in end.Uses)
        {
            Node node = use.Node;
            if (!ReferenceEquals(node.Graph, end.Graph))
            {
                return null;
            }
            bool passes = node.Domain.Length == 0 && (node.OpType is "MaxPool" or "AveragePool" or "GlobalAveragePool" || (node.OpType == "Flatten" && node.Attributes.GetInt("axis", 1) == 1));
            if (passes && !node.Outputs[0]!.IsGraphOutput && node.Outputs.Count == 1)
            {
                if (ReadersOf(node.Outputs[0]!) is not { } inner)
                {
                    return null;
                }
                readers.AddRange(inner);
            }
            else if (IsLayer(node) && use.Index == 0 && (node.OpType == "Gemm" || IsPlain(node)))
            {
                readers.Add(node);
            }
            else
            {
                return null;
            }
        }
        return readers;
    }

    // Groups of several channels would need the channels' numbers within each; they are rare.
    private static bool IsPlain(Node conv)
    {
        long groups = conv.Attributes.GetInt("group", 1);
        return groups == 1 || conv.Inputs[1]!.Constant!.Dims[1] == 1;
    }
}
