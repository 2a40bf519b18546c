namespace Edge.Reports.Graphs;

/// <summary>Nodes and the bends of long edges, layer by layer, with edges only between layers that touch.</summary>
internal sealed class LayoutMesh
{
    // Beyond that many bends the longest edges run straight across.
    private const int MostBends = 60_000;
    private const double BendWidth = 6;

    internal LayoutMesh(IReadOnlyList<double> widths, int[] layers, IReadOnlyList<(int From, int To)> edges)
    {
        NodeCount = widths.Count;
        var layerOf = new List<int>(layers);
        var width = new List<double>(widths);
        var links = new List<(int Upper, int Lower)>();
        Bends = new int[edges.Count][];
        Array.Fill(Bends, []);
        int budget = MostBends;
        foreach (int edge in Enumerable.Range(0, edges.Count).OrderBy(edge => Math.Abs(layers[edges[edge].From] - layers[edges[edge].To])))
        {
            (int from, int to) = edges[edge];
            (int upper, int lower) = layers[from] <= layers[to] ? (from, to) : (to, from);
            int between = layers[lower] - layers[upper] - 1;
            if (between < 0 || between > budget)
            {
                continue;
            }
            budget -= between;
            int[] bends = new int[between];
            int last = upper;
            for (int index = 0; index < between; index++)
            {
                bends[index] = layerOf.Count;
                layerOf.Add(layers[upper] + index + 1);
                width.Add(BendWidth);
                links.Add((last, bends[index]));
                last = bends[index];
            }
            links.Add((last, lower));
            Bends[edge] = bends;
        }
        LayerOf = [.. layerOf];
        Widths = [.. width];
        Upper = new int[LayerOf.Length][];
        Lower = new int[LayerOf.Length][];
        Fill(Upper, links.Select(link => (link.Lower, link.Upper)));
        Fill(Lower, links);
        int count = LayerOf.Length == 0 ? 0 : LayerOf.Max() + 1;
        Layers = new int[count][];
        int[] sizes = new int[count];
        foreach (int layer in LayerOf)
        {
            sizes[layer]++;
        }
        for (int layer = 0; layer < count; layer++)
        {
            Layers[layer] = new int[sizes[layer]];
            sizes[layer] = 0;
        }
        for (int item = 0; item < LayerOf.Length; item++)
        {
            Layers[LayerOf[item]][sizes[LayerOf[item]]++] = item;
        }
    }

    /// <summary>Items below this index are nodes, the others bends.</summary>
    internal int NodeCount { get; }

    internal int[] LayerOf { get; }

    internal double[] Widths { get; }

    /// <summary>For each item those in the layer above that it is joined to.</summary>
    internal int[][] Upper { get; }

    /// <summary>For each item those in the layer below that it is joined to.</summary>
    internal int[][] Lower { get; }

    /// <summary>The items of each layer, from left to right.</summary>
    internal int[][] Layers { get; }

    /// <summary>The bends of each edge, from top to bottom.</summary>
    internal int[][] Bends { get; }

    private static void Fill(int[][] lists, IEnumerable<(int Key, int Item)> pairs)
    {
        ILookup<int, int> lookup = pairs.ToLookup(pair => pair.Key, pair => pair.Item);
        for (int index = 0; index < lists.Length; index++)
        {
            lists[index] = [.. lookup[index]];
        }
    }
}
