namespace Edge.Graph;

/// <summary>Copies some nodes of a graph, and with them the values that they read and make, into a graph of its own.</summary>
internal sealed class GraphCopier
{
    private readonly Dictionary<Value, Value> _values = [];

    internal GraphCopier(OnnxGraph source, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, HashSet<Node> nodes)
    {
        Result = new OnnxGraph(source.Name) { DocString = source.DocString, Unknown = source.Unknown };
        foreach ((string key, string text) in source.Metadata)
        {
            Result.Metadata[key] = text;
        }
        foreach (Value input in inputs)
        {
            Value copy = Define(Result, input);
            // What the part takes from outside is described, even where the source knew it from its data.
            copy.Type ??= input.Constant is { } constant ? new TensorType(constant.Type, TensorShape.Of(constant.Dims)) : null;
            Result.MarkInput(copy);
        }
        foreach (Node node in source.Nodes)
        {
            if (nodes.Contains(node))
            {
                CopyNode(node, Result);
            }
        }
        foreach (Value output in outputs)
        {
            Result.AddOutput(Resolve(output));
        }
        foreach (QuantizationAnnotation annotation in source.QuantizationAnnotations)
        {
            if (Result.Find(annotation.Tensor) is not null)
            {
                Result.QuantizationAnnotations.Add(annotation);
            }
        }
    }

    internal OnnxGraph Result { get; }

    private Value Define(OnnxGraph graph, Value source)
    {
        Value copy = graph.Define(source.Name);
        Describe(copy, source);
        _values[source] = copy;
        return copy;
    }

    private static void Describe(Value copy, Value source)
    {
        copy.Type = source.Type;
        copy.DocString = source.DocString;
        copy.Unknown = source.Unknown;
        foreach ((string key, string text) in source.MetadataOrNone)
        {
            copy.Metadata[key] = text;
        }
    }

    // Nodes of the source that are not copied make only what an input stands for; everything else without a copy is data.
    private Value Resolve(Value source)
    {
        if (_values.TryGetValue(source, out Value? known))
        {
            return known;
        }
        Value copy = Define(Result, source);
        if (source.Constant is { } constant)
        {
            Result.SetConstant(copy, constant);
        }
        else if (source.Graph.SparseInitializers.TryGetValue(source.Name, out OnnxSparseTensor? sparse))
        {
            Result.SparseInitializers[source.Name] = sparse;
        }
        return copy;
    }

    private void CopyNode(Node source, OnnxGraph graph)
    {
        Node copy = graph.AppendEmpty(new Node(graph, source.OpType)
        {
            Name = source.Name,
            Domain = source.Domain,
            Overload = source.Overload,
            DocString = source.DocString,
            Unknown = source.Unknown,
        });
        foreach ((string key, string text) in source.MetadataOrNone)
        {
            copy.Metadata[key] = text;
        }
        copy.ReserveInputs(source.Inputs.Count);
        for (int index = 0; index < source.Inputs.Count; index++)
        {
            copy.SetInput(index, source.Inputs[index] is { } input ? Resolve(input) : null);
        }
        copy.Attributes.AddDistinct(source.Attributes.Select(attribute => attribute.Content switch
        {
            OnnxGraph inner => attribute with { Content = CopyInner(inner, graph) },
            OnnxGraph[] inners => attribute with { Content = Array.ConvertAll(inners, inner => CopyInner(inner, graph)) },
            _ => attribute,
        }));
        copy.ReserveOutputs(source.Outputs.Count);
        for (int index = 0; index < source.Outputs.Count; index++)
        {
            Value? output = source.Outputs[index];
            // An output that the part takes from outside instead has its name there already.
            bool isTaken = output is not null && _values.ContainsKey(output);
            copy.SetOutput(index, output is null ? null : isTaken ? Unread(graph, output) : Define(graph, output));
        }
    }

    private static Value Unread(OnnxGraph graph, Value output) => graph.Define(graph.FreshName(output.Name + "_unread"));

    private OnnxGraph CopyInner(OnnxGraph source, OnnxGraph parent)
    {
        var graph = new OnnxGraph(source.Name, parent) { DocString = source.DocString, Unknown = source.Unknown };
        foreach ((string key, string text) in source.Metadata)
        {
            graph.Metadata[key] = text;
        }
        foreach (Value input in source.Inputs)
        {
            graph.MarkInput(Define(graph, input));
        }
        foreach (Value initializer in source.Initializers)
        {
            Value copy = _values.TryGetValue(initializer, out Value? input) ? input : Define(graph, initializer);
            graph.SetConstant(copy, initializer.Constant);
        }
        foreach ((string name, OnnxSparseTensor sparse) in source.SparseInitializers)
        {
            _ = source.Find(name) is { } value ? Define(graph, value) : graph.Define(name);
            graph.SparseInitializers[name] = sparse;
        }
        foreach (Node node in source.Nodes)
        {
            CopyNode(node, graph);
        }
        foreach (Value output in source.Outputs)
        {
            graph.AddOutput(Resolve(output));
        }
        return graph;
    }
}
