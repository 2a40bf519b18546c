namespace Edge.Reports.Graphs;

/// <summary>Gives every node a layer below those of what it reads.</summary>
internal static class LayerAssignment
{
    /// <summary>The layer of each node, from 0 on; equal only for nodes that no edge joins.</summary>
    /// <param name="count">How many nodes.</param>
    /// <param name="edges">What each edge joins.</param>
    /// <param name="anchors">Nodes whose successors stand as high as they can.</param>
    internal static int[] Find(int count, IReadOnlyList<(int From, int To)> edges, IReadOnlySet<int> anchors)
    {
        var successors = new List<int>[count];
        int[] waiting = new int[count];
        foreach ((int from, int to) in edges)
        {
            if (from != to)
            {
                (successors[from] ??= []).Add(to);
                waiting[to]++;
            }
        }
        int[] layers = new int[count];
        int[] order = new int[count];
        int done = 0;
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(node => waiting[node] == 0));
        bool[] isPlaced = new bool[count];
        int next = 0;
        while (done < count)
        {
            if (!ready.TryDequeue(out int node))
            {
                // A circle: its first node goes ahead of what it reads.
                while (isPlaced[next])
                {
                    next++;
                }
                node = next;
            }
            if (isPlaced[node])
            {
                continue;
            }
            isPlaced[node] = true;
            order[done++] = node;
            foreach (int successor in successors[node] ?? [])
            {
                if (!isPlaced[successor])
                {
                    layers[successor] = Math.Max(layers[successor], layers[node] + 1);
                    if (--waiting[successor] == 0)
                    {
                        ready.Enqueue(successor);
                    }
                }
            }
        }
        Sink(order, successors, layers, edges, anchors);
        return layers;
    }

    // What no anchor leads to, such as a chain of constants, stands right above its first reader; so do the anchors.
    private static void Sink(int[] order, List<int>[] successors, int[] layers, IReadOnlyList<(int From, int To)> edges, IReadOnlySet<int> anchors)
    {
        bool[] reads = new bool[layers.Length];
        foreach ((int from, int to) in edges)
        {
            reads[to] |= from != to;
        }
        bool[] isHeld = new bool[layers.Length];
        foreach (int node in order)
        {
            isHeld[node] |= anchors.Contains(node);
            foreach (int successor in successors[node] ?? [])
            {
                isHeld[successor] |= isHeld[node];
            }
        }
        for (int index = order.Length - 1; index >= 0; index--)
        {
            int node = order[index];
            if ((!isHeld[node] || !reads[node]) && successors[node] is { } after)
            {
                layers[node] = Math.Max(layers[node], after.Min(successor => layers[successor]) - 1);
            }
        }
    }
}
