namespace Edge.Graph;

/// <summary>Topological order of a graph's nodes.</summary>
public static class GraphSorter
{
    /// <summary>
    /// Puts every node behind what it reads, itself or through its subgraphs; nodes that need not move keep their order.
    /// </summary>
    /// <param name="graph">The graph; its subgraphs are sorted as well.</param>
    /// <exception cref="ModelFormatException">Nodes read each other in a circle.</exception>
    public static void Sort(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (OnnxGraph each in graph.WithSubgraphs().ToArray())
        {
            SortOne(each);
        }
    }

    /// <summary>The nodes of this graph whose outputs a node reads, itself or through its subgraphs.</summary>
    internal static IEnumerable<Node> Dependencies(Node node)
    {
        OnnxGraph graph = node.Graph;
        var pending = new Stack<Node>([node]);
        while (pending.TryPop(out Node? reader))
        {
            foreach (Value? input in reader.Inputs)
            {
                if (input?.Producer is { } producer && ReferenceEquals(producer.Graph, graph))
                {
                    yield return producer;
                }
            }
            foreach (OnnxGraph inner in reader.Attributes.Subgraphs())
            {
                foreach (Node innerNode in inner.Nodes)
                {
                    pending.Push(innerNode);
                }
            }
        }
    }

    private static void SortOne(OnnxGraph graph)
    {
        var order = new List<Node>(graph.Nodes.Count);
        var state = new Dictionary<Node, bool>(graph.Nodes.Count); // false: on the path, true: placed
        var path = new Stack<(Node Node, IEnumerator<Node> Others)>();
        foreach (Node root in graph.Nodes)
        {
            if (state.ContainsKey(root))
            {
                continue;
            }
            state[root] = false;
            path.Push((root, Dependencies(root).GetEnumerator()));
            while (path.TryPeek(out (Node Node, IEnumerator<Node> Others) top))
            {
                if (!top.Others.MoveNext())
                {
                    path.Pop().Others.Dispose();
                    state[top.Node] = true;
                    order.Add(top.Node);
                    continue;
                }
                Node next = top.Others.Current;
                if (!state.TryGetValue(next, out bool placed))
                {
                    state[next] = false;
                    path.Push((next, Dependencies(next).GetEnumerator()));
                }
                else if (!placed)
                {
                    throw new ModelFormatException($"{next.Describe()}: reads its own output in a circle; export the model again");
                }
            }
        }
        graph.Nodes.Reorder(order);
    }
}
