namespace Edge.Graph.Analysis;

/// <summary>Finds which nodes of two models correspond.</summary>
internal static class NodePairs
{
    // A table of that many cells is filled for what names do not tell apart.
    private const long MostCells = 16_000_000;

    internal static IReadOnlyDictionary<Node, Node> Find(Node[] a, Node[] b)
    {
        var pairs = new Dictionary<Node, Node>();
        var taken = new HashSet<Node>();
        Match(a, b, node => node.Name, pairs, taken);
        Match(a, b, node => node.Outputs is [{ Name: var name }, ..] ? name : "", pairs, taken);
        InOrder([.. a.Where(node => !pairs.ContainsKey(node))], [.. b.Where(node => !taken.Contains(node))], pairs);
        return pairs;
    }

    private static void Match(Node[] a, Node[] b, Func<Node, string> key, Dictionary<Node, Node> pairs, HashSet<Node> taken)
    {
        // A key that two nodes of a model share says nothing.
        Dictionary<(string, string, string), Node[]> others = b.Where(node => !taken.Contains(node)).GroupBy(node => (key(node), node.Domain, node.OpType)).ToDictionary(group => group.Key, group => group.ToArray());
        foreach (IGrouping<(string, string, string), Node> group in a.Where(node => !pairs.ContainsKey(node)).GroupBy(node => (key(node), node.Domain, node.OpType)))
        {
            if (group.Key.Item1.Length > 0 && others.TryGetValue(group.Key, out Node[]? found) && found.Length == 1 && group.Count() == 1)
            {
                pairs.Add(group.First(), found[0]);
                taken.Add(found[0]);
            }
        }
    }

    // The longest common subsequence of operators.
    private static void InOrder(Node[] a, Node[] b, Dictionary<Node, Node> pairs)
    {
        if ((long)(a.Length + 1) * (b.Length + 1) > MostCells)
        {
            return;
        }
        int[,] longest = new int[a.Length + 1, b.Length + 1];
        for (int i = a.Length - 1; i >= 0; i--)
        {
            for (int k = b.Length - 1; k >= 0; k--)
            {
                longest[i, k] = AreAlike(a[i], b[k]) ? longest[i + 1, k + 1] + 1 : Math.Max(longest[i + 1, k], longest[i, k + 1]);
            }
        }
        for (int i = 0, k = 0; i < a.Length && k < b.Length;)
        {
            if (AreAlike(a[i], b[k]))
            {
                pairs.Add(a[i++], b[k++]);
            }
            else if (longest[i + 1, k] >= longest[i, k + 1])
            {
                i++;
            }
            else
            {
                k++;
            }
        }
    }

    private static bool AreAlike(Node a, Node b) => a.OpType == b.OpType && a.Domain == b.Domain && SameWeightSizes(a, b);

    // Layers of other sizes are other layers.
    private static bool SameWeightSizes(Node a, Node b)
    {
        for (int index = 0; index < Math.Min(a.Inputs.Count, b.Inputs.Count); index++)
        {
            if (a.Inputs[index]?.Constant is { } x && b.Inputs[index]?.Constant is { } y && !x.Dims.AsSpan().SequenceEqual(y.Dims))
            {
                return false;
            }
        }
        return true;
    }
}
