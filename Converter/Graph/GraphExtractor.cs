namespace Edge.Graph;

/// <summary>Cuts a part out of a model.</summary>
public static class GraphExtractor
{
    /// <summary>
    /// Makes a model of its own of the nodes between some values and some others: what the outputs need, up to the inputs.
    /// Time and memory grow with the nodes of the source; weights are shared, not copied.
    /// </summary>
    /// <param name="model">The source; it stays as it is.</param>
    /// <param name="inputs">Values that the part takes from outside: inputs of the model, outputs of nodes, or initializers.</param>
    /// <param name="outputs">Values that the part gives out.</param>
    /// <exception cref="ArgumentException">
    /// The graph has no such value, no output is named, or an output needs an input of the model that is not among <paramref name="inputs"/>.
    /// </exception>
    public static OnnxModel Extract(OnnxModel model, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Count == 0)
        {
            throw new ArgumentException("a part needs an output", nameof(outputs));
        }
        Value[] from = [.. inputs.Distinct(StringComparer.Ordinal).Select(name => Find(model.Graph, name))];
        Value[] to = [.. outputs.Distinct(StringComparer.Ordinal).Select(name => Find(model.Graph, name))];
        HashSet<Node> needed = Needed(from, to);
        var copy = new GraphCopier(model.Graph, from, to, needed);
        var part = new OnnxModel(copy.Result)
        {
            IrVersion = model.IrVersion,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Domain = model.Domain,
            ModelVersion = model.ModelVersion,
            DocString = model.DocString,
        };
        part.Opsets.Clear();
        foreach ((string domain, long version) in model.Opsets)
        {
            part.Opsets[domain] = version;
        }
        foreach ((string key, string text) in model.Metadata)
        {
            part.Metadata[key] = text;
        }
        foreach (OnnxFunction function in model.Functions)
        {
            part.Functions.Add(function);
        }
        return part;
    }

    private static Value Find(OnnxGraph graph, string name) =>
        graph.Find(name) ?? throw new ArgumentException($"graph '{graph.Name}' has no value '{name}'");

    // Every node that the outputs hang on, without going past the inputs.
    private static HashSet<Node> Needed(Value[] from, Value[] to)
    {
        var border = new HashSet<Value>(from);
        var needed = new HashSet<Node>();
        var pending = new Stack<Value>(to);
        while (pending.TryPop(out Value? value))
        {
            if (border.Contains(value))
            {
                continue;
            }
            if (value.Producer is { } producer)
            {
                if (needed.Add(producer))
                {
                    Push(producer, producer.Graph, pending);
                }
            }
            else if (value.Constant is null && !value.Graph.SparseInitializers.ContainsKey(value.Name))
            {
                throw new ArgumentException($"the outputs need '{value.Name}', which is not among the inputs");
            }
        }
        return needed;
    }

    private static void Push(Node node, OnnxGraph graph, Stack<Value> pending)
    {
        foreach (Value? input in node.Inputs)
        {
            if (input is not null && ReferenceEquals(input.Graph, graph))
            {
                pending.Push(input);
            }
        }
        foreach (OnnxGraph inner in node.Attributes.Subgraphs())
        {
            foreach (Node innerNode in inner.Nodes)
            {
                Push(innerNode, graph, pending);
            }
        }
    }
}
