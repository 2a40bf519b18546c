namespace Edge.Reports.Graphs;

/// <summary>
/// Places the nodes of a directed graph in layers, so that edges lead downwards, cross seldom and run straight: layers by
/// longest path, order in a layer by barycentres, both after Sugiyama, Tagawa and Toda, "Methods for visual understanding of
/// hierarchical system structures", 1981; positions by least squares that keep order and distance (pool adjacent violators).
/// </summary>
/// <remarks>The time is linear in nodes, edges and bends, but for the sorting inside layers. All lengths are in pixels.</remarks>
public sealed class LayeredLayout
{
    private const double LayerGap = 34;

    private LayeredLayout(double[] x, double[] y, double[][] paths, double width, double height)
    {
        X = x;
        Y = y;
        Paths = paths;
        Width = width;
        Height = height;
    }

    /// <summary>The middle of each node, from the left.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The upper edge of each node, from the top.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>For each edge x and y of its points in turn, from the lower edge of one node to the upper edge of the other.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Paths { get; }

    /// <summary>The width of it all.</summary>
    public double Width { get; }

    /// <summary>The height of it all.</summary>
    public double Height { get; }

    /// <summary>Places nodes.</summary>
    /// <param name="widths">The width of each node.</param>
    /// <param name="heights">The height of each node.</param>
    /// <param name="edges">Indices of the nodes that each edge joins; those of a circle are turned round for the layers' sake.</param>
    /// <param name="anchors">Nodes that hold what they lead to at the top, such as inputs; the rest sinks to its readers. Null: all of them.</param>
    public static LayeredLayout Compute(IReadOnlyList<double> widths, IReadOnlyList<double> heights, IReadOnlyList<(int From, int To)> edges, IReadOnlySet<int>? anchors = null)
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(heights);
        ArgumentNullException.ThrowIfNull(edges);
        int count = widths.Count;
        int[] layers = LayerAssignment.Find(count, edges, anchors ?? Enumerable.Range(0, count).ToHashSet());
        var mesh = new LayoutMesh(widths, layers, edges);
        LayerOrdering.Arrange(mesh);
        double[] middles = LayerPlacement.Place(mesh);

        double[] layerHeights = new double[mesh.Layers.Length];
        for (int node = 0; node < count; node++)
        {
            layerHeights[layers[node]] = Math.Max(layerHeights[layers[node]], heights[node]);
        }
        double[] tops = new double[layerHeights.Length + 1];
        for (int layer = 0; layer < layerHeights.Length; layer++)
        {
            // Where many lines cross over, they need room to be told apart.
            double crowd = Math.Min(60, 3 * Math.Sqrt(mesh.Layers[layer].Length));
            tops[layer + 1] = tops[layer] + layerHeights[layer] + LayerGap + (mesh.Layers[layer].Length > 2 ? crowd : 0);
        }
        double[] y = new double[count];
        double width = 0;
        for (int node = 0; node < count; node++)
        {
            y[node] = tops[layers[node]] + ((layerHeights[layers[node]] - heights[node]) / 2);
            width = Math.Max(width, middles[node] + (widths[node] / 2));
        }
        double[][] paths = new double[edges.Count][];
        for (int edge = 0; edge < paths.Length; edge++)
        {
            (int from, int to) = edges[edge];
            bool isTurned = layers[from] > layers[to];
            var points = new List<double>();
            (int upper, int lower) = isTurned ? (to, from) : (from, to);
            Add(points, middles[upper], y[upper] + heights[upper]);
            foreach (int bend in mesh.Bends[edge])
            {
                int layer = mesh.LayerOf[bend];
                Add(points, middles[bend], tops[layer]);
                Add(points, middles[bend], tops[layer] + layerHeights[layer]);
                width = Math.Max(width, middles[bend]);
            }
            Add(points, middles[lower], y[lower]);
            paths[edge] = [.. points];
            if (isTurned)
            {
                Array.Reverse(paths[edge]);
                for (int index = 0; index < paths[edge].Length; index += 2)
                {
                    (paths[edge][index], paths[edge][index + 1]) = (paths[edge][index + 1], paths[edge][index]);
                }
            }
        }
        return new LayeredLayout(middles[..count], y, paths, width, Math.Max(0, tops[^1] - LayerGap));
    }

    // Of three points above each other the one between says nothing.
    private static void Add(List<double> points, double x, double y)
    {
        int last = points.Count - 2;
        if (last >= 2 && Math.Abs(points[last] - x) < 0.5 && Math.Abs(points[last - 2] - x) < 0.5)
        {
            points[last + 1] = y;
            return;
        }
        points.Add(x);
        points.Add(y);
    }
}
