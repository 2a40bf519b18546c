namespace Edge.Reports.Graphs;

/// <summary>Orders the items of each layer so that few edges cross: each goes to the mean place of what it is joined to, down and up in turn.</summary>
internal static class LayerOrdering
{
    private const int Sweeps = 12;

    internal static void Arrange(LayoutMesh mesh)
    {
        int[] places = new int[mesh.LayerOf.Length];
        double[] keys = new double[mesh.LayerOf.Length];
        Number(mesh, places);
        int[][] best = Copy(mesh.Layers);
        long fewest = Crossings(mesh, places);
        for (int sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            bool isDown = sweep % 2 == 0;
            for (int step = 1; step < mesh.Layers.Length; step++)
            {
                int layer = isDown ? step : mesh.Layers.Length - 1 - step;
                Sort(mesh.Layers[layer], isDown ? mesh.Upper : mesh.Lower, places, keys);
            }
            long crossings = Crossings(mesh, places);
            if (crossings < fewest)
            {
                (fewest, best) = (crossings, Copy(mesh.Layers));
            }
        }
        best.CopyTo(mesh.Layers, 0);
    }

    private static void Sort(int[] layer, int[][] neighbours, int[] places, double[] keys)
    {
        foreach (int item in layer)
        {
            keys[item] = neighbours[item].Length == 0 ? places[item] : neighbours[item].Average(neighbour => (double)places[neighbour]);
        }
        // Equal keys keep their order.
        Array.Sort(layer, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : places[a].CompareTo(places[b]));
        for (int index = 0; index < layer.Length; index++)
        {
            places[layer[index]] = index;
        }
    }

    // How many pairs of edges cross: inversions of the lower ends, counted in a tree of sums (Barth, Jünger and Mutzel, 2002).
    private static long Crossings(LayoutMesh mesh, int[] places)
    {
        long total = 0;
        for (int layer = 0; layer + 1 < mesh.Layers.Length; layer++)
        {
            long[] tree = new long[mesh.Layers[layer + 1].Length + 1];
            long passed = 0;
            foreach (int item in mesh.Layers[layer])
            {
                int[] ends = [.. mesh.Lower[item].Select(lower => places[lower]).Order()];
                foreach (int end in ends)
                {
                    long atMost = 0;
                    for (int index = end + 1; index > 0; index -= index & -index)
                    {
                        atMost += tree[index];
                    }
                    total += passed - atMost;
                }
                foreach (int end in ends)
                {
                    passed++;
                    for (int index = end + 1; index < tree.Length; index += index & -index)
                    {
                        tree[index]++;
                    }
                }
            }
        }
        return total;
    }

    private static void Number(LayoutMesh mesh, int[] places)
    {
        foreach (int[] layer in mesh.Layers)
        {
            for (int index = 0; index < layer.Length; index++)
            {
                places[layer[index]] = index;
            }
        }
    }

    private static int[][] Copy(int[][] layers) => Array.ConvertAll(layers, layer => (int[])layer.Clone());
}
