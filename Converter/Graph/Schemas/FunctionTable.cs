namespace Edge.Graph.Schemas;

/// <summary>The functions that a model brings along, by what nodes call them.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<(string Domain, string Name, string Overload), OnnxFunction> _functions = [];

    internal FunctionTable(OnnxModel model)
    {
        foreach (OnnxFunction function in model.Functions)
        {
            _functions.TryAdd((function.Domain, function.Name, function.Overload), function);
        }
    }

    /// <summary>The function that a node calls, or null for an operator.</summary>
    internal OnnxFunction? Find(Node node) =>
        _functions.Count == 0 ? null : _functions.GetValueOrDefault((node.Domain, node.OpType, node.Overload));

    /// <summary>A function that calls itself, through others or not; null where there is none.</summary>
    internal OnnxFunction? FindCycle()
    {
        var done = new Dictionary<OnnxFunction, bool>(); // false: on the path
        var path = new Stack<(OnnxFunction Function, IEnumerator<OnnxFunction> Calls)>();
        foreach (OnnxFunction root in _functions.Values)
        {
            if (!done.TryAdd(root, false))
            {
                continue;
            }
            path.Push((root, Calls(root).GetEnumerator()));
            while (path.TryPeek(out (OnnxFunction Function, IEnumerator<OnnxFunction> Calls) top))
            {
                if (!top.Calls.MoveNext())
                {
                    path.Pop().Calls.Dispose();
                    done[top.Function] = true;
                }
                else if (done.TryAdd(top.Calls.Current, false))
                {
                    path.Push((top.Calls.Current, Calls(top.Calls.Current).GetEnumerator()));
                }
                else if (!done[top.Calls.Current])
                {
                    return top.Calls.Current;
                }
            }
        }
        return null;
    }

    private IEnumerable<OnnxFunction> Calls(OnnxFunction function)
    {
        foreach (OnnxGraph graph in function.Body.WithSubgraphs())
        {
            foreach (Node node in graph.Nodes)
            {
                if (Find(node) is { } called)
                {
                    yield return called;
                }
            }
        }
    }
}
