namespace Edge.Graph;

/// <summary>How often each name is defined in a tree of graphs: new names must not hide one of an inner or outer graph.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _fresh;

    internal void Add(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    internal void Remove(string name)
    {
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
        if (!_counts.ContainsKey(stem))
        {
            return stem;
        }
        string name;
        do
        {
            name = $"{stem}_{++_fresh}";
        }
        while (_counts.ContainsKey(name));
        return name;
    }
}
