namespace Edge.Quantizer.Speed;

/// <summary>
/// The cheapest way to give every item one of two kinds, where an item costs something in either kind and neighbours of
/// different kinds cost extra: a minimum cut (Greig, Porteous and Seheult 1989; augmenting paths after Edmonds and Karp 1972).
/// </summary>
internal sealed class MinimumCut
{
    private const double Nothing = 1e-12;
    private readonly List<(int To, int Back)>[] _arcs;
    private readonly List<double> _room = [];
    private readonly int _items;

    internal MinimumCut(int items)
    {
        _items = items;
        _arcs = [.. Enumerable.Range(0, items + 2).Select(_ => new List<(int, int)>())];
    }

    private int Source => _items;

    private int Sink => _items + 1;

    /// <summary>What an item costs as the first and as the second kind; not below 0.</summary>
    internal void Item(int item, double first, double second)
    {
        // Cut from the source it is of the second kind, and pays for it.
        Arc(Source, item, second, 0);
        Arc(item, Sink, first, 0);
    }

    /// <summary>What two items cost extra where they differ.</summary>
    internal void Neighbours(int one, int other, double cost) => Arc(one, other, cost, cost);

    /// <summary>For each item whether it is of the second kind.</summary>
    internal bool[] Solve()
    {
        while (Path() is { } path)
        {
            double flow = path.Min(arc => _room[arc]);
            foreach (int arc in path)
            {
                _room[arc] -= flow;
                _room[arc ^ 1] += flow;
            }
        }
        bool[] reached = Reached(out _);
        return [.. Enumerable.Range(0, _items).Select(item => !reached[item])];
    }

    private void Arc(int from, int to, double room, double back)
    {
        _arcs[from].Add((to, _room.Count));
        _room.Add(room);
        _arcs[to].Add((from, _room.Count));
        _room.Add(back);
    }

    private List<int>? Path()
    {
        if (!Reached(out (int From, int Arc)[] before)[Sink])
        {
            return null;
        }
        var path = new List<int>();
        for (int place = Sink; place != Source; place = before[place].From)
        {
            path.Add(before[place].Arc);
        }
        return path;
    }

    private bool[] Reached(out (int From, int Arc)[] before)
    {
        bool[] reached = new bool[_items + 2];
        before = new (int, int)[_items + 2];
        var pending = new Queue<int>([Source]);
        reached[Source] = true;
        while (pending.TryDequeue(out int place))
        {
            foreach ((int to, int arc) in _arcs[place])
            {
                if (!reached[to] && _room[arc] > Nothing)
                {
                    reached[to] = true;
                    before[to] = (place, arc);
                    pending.Enqueue(to);
                }
            }
        }
        return reached;
    }
}
