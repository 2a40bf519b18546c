using Edge.Graph;

namespace Edge.Training.Execution;

/// <summary>The nodes of a graph in the order in which they run, with pairs that compute less the other way round swapped.</summary>
internal sealed class NodeOrder
{
    private readonly HashSet<Value> _kept;

    // The values that a node reads and writes instead of its own, where two nodes changed places.
    private readonly Dictionary<Node, (Value Input, Value Output)> _rewired = [];
    private readonly Dictionary<Value, Node> _producers = [];

    public NodeOrder(NodeList nodes, HashSet<Value> kept)
    {
        _kept = kept;
        foreach (Node node in nodes)
        {
            Nodes.Add(node);
        }
        PoolBeforeRelu();
        foreach ((Node node, (_, Value output)) in _rewired)
        {
            _producers[output] = node;
        }
    }

    public List<Node> Nodes { get; } = [];

    public Value? FirstInput(Node node) => _rewired.TryGetValue(node, out (Value Input, Value Output) wires) ? wires.Input : node.Input(0);

    public Value? FirstOutput(Node node) =>
        _rewired.TryGetValue(node, out (Value Input, Value Output) wires) ? wires.Output : node.Outputs.Count > 0 ? node.Outputs[0] : null;

    public Node? Producer(Value value) => _producers.GetValueOrDefault(value) ?? value.Producer;

    /// <summary>
    /// Rectifying and taking the largest value commute, gradients included; after the pool there are fewer elements to rectify.
    /// </summary>
    private void PoolBeforeRelu()
    {
        var places = new Dictionary<Node, int>();
        for (int i = 0; i < Nodes.Count; i++)
        {
            places[Nodes[i]] = i;
        }
        for (int i = 0; i + 1 < Nodes.Count; i++)
        {
            Node relu = Nodes[i];
            if (!relu.Is("Relu") || _rewired.ContainsKey(relu) || relu.Input(0) is not { } source
                || relu.Outputs is not [{ IsGraphOutput: false, Uses.Count: 1 } middle] || _kept.Contains(middle))
            {
                continue;
            }
            Node pool = middle.Uses.First().Node;
            if (!pool.Is("MaxPool") || pool.Outputs is not [{ } result] || pool.Graph != relu.Graph || IsWindowOfPadding(pool))
            {
                continue;
            }
            // The two stay in their places in the order: nothing between them reads what they make.
            int next = places[pool];
            (Nodes[i], Nodes[next]) = (pool, relu);
            (places[pool], places[relu]) = (i, next);
            _rewired[pool] = (source, middle);
            _rewired[relu] = (middle, result);
        }
    }

    // A window that lies in the padding altogether holds −∞, which rectifying afterwards would turn into 0.
    private static bool IsWindowOfPadding(Node pool)
    {
        long[] kernel = pool.Attributes.GetInts("kernel_shape", []);
        foreach (long pad in pool.Attributes.GetInts("pads", []))
        {
            foreach (long size in kernel)
            {
                if (pad >= size)
                {
                    return true;
                }
            }
        }
        return false;
    }
}
