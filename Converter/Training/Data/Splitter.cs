using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Cuts a data set between units: samples that a group or the same content ties together are never parted.</summary>
internal sealed class Splitter
{
    private readonly Dataset _data;
    private readonly List<Unit> _units = [];

    public Splitter(Dataset data, bool stratified)
    {
        _data = data;
        var parents = new int[data.Count];
        var groups = new Dictionary<int, int>();
        var contents = new Dictionary<UInt128, int>();
        for (int i = 0; i < parents.Length; i++)
        {
            parents[i] = i;
            if (data.GroupOf(i) is >= 0 and int group)
            {
                Join(parents, i, groups.TryAdd(group, i) ? i : groups[group]);
            }
            UInt128 content = data.ContentHash(i);
            Join(parents, i, contents.TryAdd(content, i) ? i : contents[content]);
        }
        var units = new Dictionary<int, Unit>();
        for (int i = 0; i < parents.Length; i++)
        {
            int root = Root(parents, i);
            if (!units.TryGetValue(root, out Unit? unit))
            {
                units.Add(root, unit = new Unit());
                _units.Add(unit);
            }
            unit.Samples.Add(i);
        }
        foreach (Unit unit in stratified ? _units : [])
        {
            unit.Class = Majority(unit.Samples);
        }
    }

    /// <summary>One list of sample numbers, ascending, for each share; the shares make 1.</summary>
    public int[][] Cut(ReadOnlySpan<double> shares, ulong seed)
    {
        int[] order = new int[_units.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        new SplitMix64(SplitMix64.Mix(seed, 0x5911)).Shuffle(order);
        // Class after class, so that each is dealt out in the same proportion; large units first, while there is room.
        List<Unit> sorted = [.. order.Select(i => _units[i]).OrderBy(unit => unit.Class).ThenByDescending(unit => unit.Samples.Count)];
        var parts = new List<Unit>[shares.Length];
        var counts = new int[shares.Length];
        for (int p = 0; p < parts.Length; p++)
        {
            parts[p] = [];
        }
        int dealt = 0;
        foreach (Unit unit in sorted)
        {
            dealt += unit.Samples.Count;
            int neediest = 0;
            for (int p = 1; p < parts.Length; p++)
            {
                neediest = (shares[p] * dealt) - counts[p] > (shares[neediest] * dealt) - counts[neediest] ? p : neediest;
            }
            parts[neediest].Add(unit);
            counts[neediest] += unit.Samples.Count;
        }
        for (int p = 0; p < parts.Length; p++)
        {
            if (shares[p] > 0 && parts[p].Count == 0)
            {
                Feed(parts, p);
            }
        }
        return Array.ConvertAll(parts, Indices);
    }

    /// <summary>Gives an empty part the smallest unit of the part that has most units.</summary>
    private void Feed(List<Unit>[] parts, int hungry)
    {
        List<Unit> giver = parts.MaxBy(part => part.Count)!;
        if (giver.Count < 2)
        {
            throw new DataException(
                $"{_data.Name}: cannot be split, because its {_data.Count} samples make only {_units.Count} that do not belong together (by group or same content); give more data or fewer parts");
        }
        Unit smallest = giver.MinBy(unit => unit.Samples.Count)!;
        giver.Remove(smallest);
        parts[hungry].Add(smallest);
    }

    // In the set's own order, so that neighbours in memory stay neighbours.
    private static int[] Indices(List<Unit> part)
    {
        int[] indices = [.. part.SelectMany(unit => unit.Samples)];
        Array.Sort(indices);
        return indices;
    }

    private int Majority(List<int> samples)
    {
        if (samples.Count == 1)
        {
            return _data.ClassOf(samples[0]);
        }
        return samples.GroupBy(_data.ClassOf).MaxBy(same => same.Count())!.Key;
    }

    private static void Join(int[] parents, int a, int b) => parents[Root(parents, a)] = Root(parents, b);

    private static int Root(int[] parents, int i)
    {
        while (parents[i] != i)
        {
            i = parents[i] = parents[parents[i]];
        }
        return i;
    }

    private sealed class Unit
    {
        public List<int> Samples { get; } = new(1);

        public int Class { get; set; } = -1;
    }
}
