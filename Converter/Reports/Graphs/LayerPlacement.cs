namespace Edge.Reports.Graphs;

/// <summary>
/// Places the items of each layer: each wants to stand below, then above, what it is joined to, and least squares decide
/// between them under the order and the distances that must be kept.
/// </summary>
internal static class LayerPlacement
{
    private const int Sweeps = 10;
    private const double Gap = 18;
    private const double BendGap = 8;
    // An edge that bends looks worse than a node that stands aside.
    private const double BendWeight = 6;
    // What is joined directly stands in line, and shortcuts go around it.
    private const double NodeWeight = 4;

    /// <summary>The middle of each item, the leftmost edge of all at 0.</summary>
    internal static double[] Place(LayoutMesh mesh)
    {
        double[] x = new double[mesh.LayerOf.Length];
        foreach (int[] layer in mesh.Layers)
        {
            Settle(mesh, layer, x, [], isStart: true);
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool isDown = sweep % 2 == 0;
            for (int step = 0; step < mesh.Layers.Length; step++)
            {
                Settle(mesh, mesh.Layers[isDown ? step : mesh.Layers.Length - 1 - step], x, isDown ? mesh.Upper : mesh.Lower, isStart: false);
            }
        }
        double left = double.PositiveInfinity;
        for (int item = 0; item < x.Length; item++)
        {
            left = Math.Min(left, x[item] - (mesh.Widths[item] / 2));
        }
        for (int item = 0; item < x.Length; item++)
        {
            x[item] -= left;
        }
        return x;
    }

    private static void Settle(LayoutMesh mesh, int[] layer, double[] x, int[][] neighbours, bool isStart)
    {
        int count = layer.Length;
        // Blocks of items that push against each other: weighted mean of where they want to be, weight, and how many they are.
        double[] means = new double[count];
        double[] weights = new double[count];
        int[] sizes = new int[count];
        double[] offsets = new double[count];
        int blocks = 0;
        double offset = 0;
        for (int index = 0; index < count; index++)
        {
            int item = layer[index];
            if (index > 0)
            {
                offset += Distance(mesh, layer[index - 1], item);
            }
            offsets[index] = offset;
            (double wanted, double weight) = isStart ? (0, 1) : Wanted(mesh, item, neighbours[item], x);
            means[blocks] = wanted - offset;
            weights[blocks] = weight;
            sizes[blocks++] = 1;
            while (blocks > 1 && means[blocks - 2] > means[blocks - 1])
            {
                double sum = weights[blocks - 2] + weights[blocks - 1];
                means[blocks - 2] = ((means[blocks - 2] * weights[blocks - 2]) + (means[blocks - 1] * weights[blocks - 1])) / sum;
                weights[blocks - 2] = sum;
                sizes[blocks - 2] += sizes[blocks - 1];
                blocks--;
            }
        }
        int place = 0;
        for (int block = 0; block < blocks; block++)
        {
            for (int index = 0; index < sizes[block]; index++, place++)
            {
                x[layer[place]] = means[block] + offsets[place];
            }
        }
    }

    private static (double Wanted, double Weight) Wanted(LayoutMesh mesh, int item, int[] neighbours, double[] x)
    {
        if (neighbours.Length == 0)
        {
            return (x[item], 0.1);
        }
        (double sum, double weights) = (0, 0);
        foreach (int neighbour in neighbours)
        {
            int bends = (item >= mesh.NodeCount ? 1 : 0) + (neighbour >= mesh.NodeCount ? 1 : 0);
            double weight = bends switch { 0 => NodeWeight, 1 => 1, _ => BendWeight };
            sum += x[neighbour] * weight;
            weights += weight;
        }
        return (sum / weights, weights);
    }

    private static double Distance(LayoutMesh mesh, int left, int right)
    {
        bool areBends = left >= mesh.NodeCount && right >= mesh.NodeCount;
        return ((mesh.Widths[left] + mesh.Widths[right]) / 2) + (areBends ? BendGap : Gap);
    }
}
