namespace Edge.Graph.Analysis;

/// <summary>
/// Multiply-adds, parameters and bytes of a model, by node and in total, from the shapes that inference wrote into it.
/// </summary>
/// <remarks>
/// A multiply-add (MAC) is one product that is added to a sum. Counted are convolutions, matrix products, recurrent layers,
/// attention and Einsum, with padding counted like any other position. Element-wise operations, normalisation, pooling,
/// activations and the adding of a bias are not. A figure in FLOPs is twice the MACs.
/// Of the branches of an If the dearest counts; the body of a Loop counts as often as the trip count says, once where that is
/// known only at run time; the body of a Scan once for each step. Calls of functions that the model brings along are not followed.
/// </remarks>
public sealed class GraphCost
{
    private readonly Dictionary<Node, NodeCost> _byNode = [];
    private readonly HashSet<Value> _seen = [];
    private readonly List<Node> _open = [];
    private readonly List<Node> _unfollowed = [];

    private GraphCost(OnnxModel model)
    {
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs())
        {
            foreach (Node node in graph.Nodes)
            {
                Add(node);
            }
        }
        // Constants that no node reads: graph outputs, tables for a caller.
        foreach (Value value in model.Graph.WithSubgraphs().SelectMany(graph => graph.Initializers))
        {
            Count(value, isSetting: false, out long parameters, out long bytes);
            Parameters += parameters;
            WeightBytes += bytes;
        }
        MultiplyAdds = Total(model.Graph);
        var functions = model.Functions.Select(function => (function.Domain, function.Name)).ToHashSet();
        _unfollowed.AddRange(_byNode.Keys.Where(node => functions.Contains((node.Domain, node.OpType))));
    }

    /// <summary>Multiply-adds of one run; nodes in <see cref="Open"/> and <see cref="Unfollowed"/> are missing from it.</summary>
    public long MultiplyAdds { get; }

    /// <summary>Elements of all constants but those of 64-bit whole numbers, booleans and strings, which state shapes, indices and choices, and of the settings of Resize, Clip, Pad and Dropout.</summary>
    public long Parameters { get; private set; }

    /// <summary>Bytes of all constants.</summary>
    public long WeightBytes { get; private set; }

    /// <summary>Nodes with multiply-adds that cannot be counted, since a size is open.</summary>
    public IReadOnlyList<Node> Open => _open;

    /// <summary>Calls of functions that the model brings along; what they cost is not counted.</summary>
    public IReadOnlyList<Node> Unfollowed => _unfollowed;

    /// <summary>Every node of the graph and its subgraphs.</summary>
    public IReadOnlyCollection<NodeCost> Nodes => _byNode.Values;

    /// <summary>The cost of one node.</summary>
    /// <param name="node">A node of the model's graph or of a subgraph.</param>
    /// <exception cref="KeyNotFoundException">The node belongs to another model.</exception>
    public NodeCost this[Node node] => _byNode[node];

    /// <summary>Counts a model.</summary>
    /// <param name="model">The model, its shapes inferred.</param>
    public static GraphCost Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new GraphCost(model);
    }

    private void Add(Node node)
    {
        long? multiplyAdds = MultiplyAddRules.Count(node);
        long parameters = 0;
        long bytes = 0;
        for (int index = 0; index < node.Inputs.Count; index++)
        {
            if (node.Inputs[index] is { } input)
            {
                Count(input, IsSetting(node, index), out long more, out long moreBytes);
                parameters += more;
                bytes += moreBytes;
            }
        }
        if (node.Is("Constant") && node.Attributes.Find("value")?.Content is OnnxTensor tensor)
        {
            parameters += IsParameter(tensor.Type) ? tensor.Length : 0;
            bytes += tensor.Bytes.Length;
        }
        Parameters += parameters;
        WeightBytes += bytes;
        if (multiplyAdds is null)
        {
            _open.Add(node);
        }
        _byNode.Add(node, new NodeCost(node, multiplyAdds, parameters, bytes, OutputBytes(node)));
    }

    private void Count(Value value, bool isSetting, out long parameters, out long bytes)
    {
        (parameters, bytes) = (0, 0);
        if (value.Constant is { } tensor && _seen.Add(value))
        {
            (parameters, bytes) = (!isSetting && IsParameter(tensor.Type) ? tensor.Length : 0, tensor.Bytes.Length);
        }
    }

    // Scales of a Resize, bounds of a Clip and what a Pad fills in are settings.
    private static bool IsSetting(Node node, int index) => index > 0 && node.OpType is ("Resize" or "Upsample" or "Clip" or "Pad" or "Dropout");

    private static bool IsParameter(ElementType type) => type is not (ElementType.Int64 or ElementType.UInt64 or ElementType.Bool or ElementType.String);

    private static long? OutputBytes(Node node)
    {
        long bytes = 0;
        foreach (Value? output in node.Outputs)
        {
            if (output is null)
            {
                continue;
            }
            if (output.ElementType is not { } type || Sizes.Product(output.Shape) is not { } count)
            {
                return null;
            }
            bytes = Sizes.Add(bytes, Sizes.Multiply(count, type.BitsPerElement()) is { } bits ? (bits + 7) / 8 : long.MaxValue);
        }
        return bytes;
    }

    private long Total(OnnxGraph graph)
    {
        long sum = 0;
        foreach (Node node in graph.Nodes)
        {
            sum = Sizes.Add(sum, _byNode[node].MultiplyAdds ?? 0);
            long[] inner = [.. node.Attributes.Subgraphs().Select(Total)];
            if (inner.Length > 0)
            {
                sum = Sizes.Add(sum, node.OpType == "If" ? inner.Max() : Sizes.Multiply(inner.Aggregate(0L, Sizes.Add), Turns(node)) ?? long.MaxValue);
            }
        }
        return sum;
    }

    private static long Turns(Node node)
    {
        if (node.Is("Loop") && node.Input(0)?.Constant is { Type: ElementType.Int64, Length: 1 } trips)
        {
            return Math.Max(0, trips.AsSpan<long>()[0]);
        }
        if (node.Is("Scan") && node.Inputs is [.., { Shape: { Rank: > 0 } shape }] && shape[0].Size is { } steps)
        {
            return steps;
        }
        return 1;
    }
}
