namespace Edge.Graph;

/// <summary>How often each name is defined in a tree of graphs: new names must not hide one of an inner or outer graph.</summary>
internal sealed class NameTable
{
    private readonly List<OnnxGraph> _graphs = [];
    // Counted when somebody first asks for a new name; a model that is only read never does.
    private Dictionary<string, int>? _counts;
    private long _fresh;

    /// <summary>Adds a graph that holds nothing yet.</summary>
    internal void Add(OnnxGraph graph) => _graphs.Add(graph);

    internal void Add(string name)
    {
        if (_counts is not null)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
        }
    }

    internal void Remove(string name)
    {
        if (_counts is null)
        {
            return;
        }
        int count = _counts.GetValueOrDefault(name) - 1;
        if (count > 0)
        {
            _counts[name] = count;
        }
        else
        {
            _counts.Remove(name);
        }
    }

    /// <summary>A name that no graph of the tree has; the numbers only rise, so that many names of one stem need no search.</summary>
    internal string Fresh(string stem)
    {
        Dictionary<string, int> counts = _counts ??= Count();
        if (!counts.ContainsKey(stem))
        {
            return stem;
        }
        string name;
        do
        {
            name = $"{stem}_{++_fresh}";
        }
        while (counts.ContainsKey(name));
        return name;
    }

    private Dictionary<string, int> Count()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (OnnxGraph graph in _graphs)
        {
            foreach (Value value in graph.Values)
            {
                counts[value.Name] = counts.GetValueOrDefault(value.Name) + 1;
            }
        }
        return counts;
    }
}
