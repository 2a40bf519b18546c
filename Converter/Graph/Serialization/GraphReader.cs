using Edge.Graph.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Builds graphs, nodes and functions, and joins names to values.</summary>
internal sealed class GraphReader(TensorReader tensors)
{
    private const int MostTexts = 4096;
    // A sound graph has none; a damaged one need not be known to the last of them.
    private const int MostUndefined = 10_000;

    // Names of operators and attributes, of which a graph repeats a few.
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private int _undefined;

    internal static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    internal OnnxGraph Read(GraphProto proto, OnnxGraph? parent) => Read(GraphParts.Of(proto), parent);

    internal OnnxGraph Read(GraphParts parts, OnnxGraph? parent)
    {
        GraphProto proto = parts.Rest;
        var graph = new OnnxGraph(proto.Name, parent) { DocString = proto.HasDocString ? proto.DocString : null, Unknown = proto.Unknown };
        ModelReader.ReadPairs(proto.MetadataProps, graph.Metadata);
        foreach (ValueInfoProto input in proto.Input)
        {
            Value value = Define(graph, input.Name, "input");
            Describe(value, input);
            graph.MarkInput(value);
        }
        foreach ((TensorProto initializer, ReadOnlyMemory<byte> bytes) in parts.Initializers)
        {
            Value value = graph.Find(initializer.Name) is { Constant: null } input ? input : Define(graph, initializer.Name, "initializer");
            graph.SetConstant(value, tensors.Read(initializer, $"initializer '{initializer.Name}'", bytes));
        }
        foreach (SparseTensorProto sparse in proto.SparseInitializer)
        {
            string name = sparse.Values?.Name ?? "";
            Define(graph, name, "sparse initializer");
            graph.SparseInitializers[name] = tensors.ReadSparse(sparse, $"sparse initializer '{name}'");
        }
        ReadNodes(graph, parts.Nodes);
        foreach (ValueInfoProto output in proto.Output)
        {
            Value value = Output(graph, output.Name);
            Describe(value, output);
            graph.AddOutput(value);
        }
        foreach (ValueInfoProto info in parts.ValueInfos)
        {
            if (graph.Find(info.Name) is { } value)
            {
                Describe(value, info);
            }
        }
        foreach (TensorAnnotation annotation in proto.QuantizationAnnotation)
        {
            graph.QuantizationAnnotations.Add(new QuantizationAnnotation(
                annotation.TensorName,
                [.. annotation.QuantParameterTensorNames.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))]));
        }
        return graph;
    }

    internal OnnxFunction ReadFunction(FunctionProto proto)
    {
        var body = new OnnxGraph(proto.Name);
        foreach (string input in proto.Input)
        {
            body.MarkInput(Define(body, input, $"input of function '{proto.Name}'"));
        }
        ReadNodes(body, proto.Node);
        foreach (string output in proto.Output)
        {
            body.AddOutput(Output(body, output));
        }
        foreach (ValueInfoProto info in proto.ValueInfo)
        {
            if (body.Find(info.Name) is { } value)
            {
                Describe(value, info);
            }
        }
        var holder = new Node(body, proto.Name);
        var function = new OnnxFunction(body)
        {
            Domain = Domain(proto.Domain),
            Name = proto.Name,
            Overload = proto.Overload,
            DocString = proto.HasDocString ? proto.DocString : null,
            Unknown = proto.Unknown,
            RequiredAttributes = [.. proto.Attribute],
            DefaultAttributes = [.. proto.AttributeProto.Select(attribute => ReadAttribute(attribute, holder))],
        };
        ModelReader.ReadOpsets(proto.OpsetImport, function.Opsets);
        ModelReader.ReadPairs(proto.MetadataProps, function.Metadata);
        return function;
    }

    private static Value Define(OnnxGraph graph, string name, string role)
    {
        if (name.Length == 0 || graph.Find(name) is not null)
        {
            throw new ModelFormatException($"{role} '{name}': the name is {(name.Length == 0 ? "empty" : "defined twice")}; export the model again");
        }
        return graph.Define(name);
    }

    // Outputs are defined before inputs are joined, so that a node may stand before what it reads:
    // the verifier says so then, and Sort can mend it.
    private void ReadNodes(OnnxGraph graph, IEnumerable<NodeProto> protos)
    {
        foreach (NodeProto proto in protos)
        {
            var node = new Node(graph, Pooled(proto.OpType))
            {
                Name = proto.Name,
                Domain = Pooled(Domain(proto.Domain)),
                Overload = proto.Overload,
                DocString = proto.HasDocString ? proto.DocString : null,
                Unknown = proto.Unknown,
            };
            if (proto.MetadataProps.Count > 0)
            {
                ModelReader.ReadPairs(proto.MetadataProps, node.Metadata);
            }
            node.ReserveOutputs(proto.Output.Count);
            for (int output = 0; output < proto.Output.Count; output++)
            {
                string name = proto.Output[output];
                node.SetOutput(output, name.Length == 0 ? null : Define(graph, name, $"{proto.OpType} node '{proto.Name}', output"));
            }
            graph.AppendEmpty(node);
        }
        Node? next = graph.Nodes.First;
        foreach (NodeProto proto in protos)
        {
            Node node = next!;
            node.ReserveInputs(proto.Input.Count);
            for (int input = 0; input < proto.Input.Count; input++)
            {
                string name = proto.Input[input];
                node.SetInput(input, name.Length == 0 ? null : Resolve(graph, name) ?? Undefined(graph, name));
            }
            ReadAttributes(node, proto);
            next = node.Next;
        }
    }

    private Value Undefined(OnnxGraph graph, string name) => ++_undefined <= MostUndefined
        ? graph.Define(name)
        : throw new ModelFormatException($"graph '{graph.Name}': its nodes read '{name}' and {MostUndefined} other names that nothing defines; export the model again");

    private string Pooled(string text)
    {
        if (_texts.TryGetValue(text, out string? known))
        {
            return known;
        }
        if (_texts.Count < MostTexts)
        {
            _texts.Add(text, text);
        }
        return text;
    }

    private void ReadAttributes(Node node, NodeProto proto)
    {
        if (proto.Attribute.Count == 0)
        {
            return;
        }
        var names = new HashSet<string>(proto.Attribute.Count, StringComparer.Ordinal);
        var attributes = new NodeAttribute[proto.Attribute.Count];
        for (int index = 0; index < attributes.Length; index++)
        {
            if (!names.Add(proto.Attribute[index].Name))
            {
                throw new ModelFormatException($"{node.Describe()}: attribute '{proto.Attribute[index].Name}' is given twice; export the model again");
            }
            attributes[index] = ReadAttribute(proto.Attribute[index], node);
        }
        node.Attributes.AddDistinct(attributes);
    }

    private static Value? Resolve(OnnxGraph graph, string name)
    {
        for (OnnxGraph? scope = graph; scope is not null; scope = scope.Parent)
        {
            if (scope.Find(name) is { } value)
            {
                return value;
            }
        }
        return null;
    }

    private Value Output(OnnxGraph graph, string name)
    {
        if (name.Length == 0)
        {
            throw new ModelFormatException($"graph '{graph.Name}': an output has no name; export the model again");
        }
        if (graph.Find(name) is { } own)
        {
            return own;
        }
        if (Resolve(graph, name) is not { } outer)
        {
            return Undefined(graph, name);
        }
        // A branch that gives out a value from around it: the specification wants a value of its own.
        return graph.AddNode("Identity", [outer], [graph.FreshName(name + "_inner")]).Outputs[0]!;
    }

    private static void Describe(Value value, ValueInfoProto info)
    {
        value.Type = info.Type is null ? value.Type : TypeConverter.FromProto(info.Type) ?? value.Type;
        value.DocString = info.HasDocString ? info.DocString : value.DocString;
        value.Unknown = info.Unknown ?? value.Unknown;
        if (info.MetadataProps.Count > 0)
        {
            ModelReader.ReadPairs(info.MetadataProps, value.Metadata);
        }
    }

    private NodeAttribute ReadAttribute(AttributeProto proto, Node node)
    {
        var kind = (AttributeKind)(int)(proto.HasType ? proto.Type : Guess(proto));
        string where = $"{node.Describe()}, attribute '{proto.Name}'";
        object? content = proto.HasRefAttrName ? null : kind switch
        {
            AttributeKind.Float => proto.F,
            AttributeKind.Int => proto.I,
            AttributeKind.String => proto.S.ToByteArray(),
            AttributeKind.Tensor => tensors.Read(proto.T ?? throw Missing(where), where),
            AttributeKind.Graph => Read(proto.G ?? throw Missing(where), node.Graph),
            AttributeKind.Floats => proto.Floats.ToArray(),
            AttributeKind.Ints => proto.Ints.ToArray(),
            AttributeKind.Strings => proto.Strings.Select(item => item.ToByteArray()).ToArray(),
            AttributeKind.Tensors => proto.Tensors.Select(item => tensors.Read(item, where)).ToArray(),
            AttributeKind.Graphs => proto.Graphs.Select(item => Read(item, node.Graph)).ToArray(),
            AttributeKind.SparseTensor => tensors.ReadSparse(proto.SparseTensor ?? throw Missing(where), where),
            AttributeKind.SparseTensors => proto.SparseTensors.Select(item => tensors.ReadSparse(item, where)).ToArray(),
            AttributeKind.Type => TypeConverter.FromProto(proto.Tp ?? throw Missing(where)) ?? throw Missing(where),
            AttributeKind.Types => proto.TypeProtos.Select(item => TypeConverter.FromProto(item) ?? throw Missing(where)).ToArray(),
            _ => throw new ModelFormatException($"{where}: kind {(int)kind} is unknown; export the model again"),
        };
        return new NodeAttribute(Pooled(proto.Name), kind, content)
        {
            Reference = proto.HasRefAttrName ? proto.RefAttrName : null,
            DocString = proto.HasDocString ? proto.DocString : null,
            Unknown = proto.Unknown,
        };
    }

    // Files of IR version 1 do not state the kind.
    private static AttributeProto.Types.AttributeType Guess(AttributeProto proto) =>
        proto.HasF ? AttributeProto.Types.AttributeType.Float
        : proto.HasI ? AttributeProto.Types.AttributeType.Int
        : proto.HasS ? AttributeProto.Types.AttributeType.String
        : proto.T is not null ? AttributeProto.Types.AttributeType.Tensor
        : proto.G is not null ? AttributeProto.Types.AttributeType.Graph
        : proto.Floats.Count > 0 ? AttributeProto.Types.AttributeType.Floats
        : proto.Ints.Count > 0 ? AttributeProto.Types.AttributeType.Ints
        : proto.Strings.Count > 0 ? AttributeProto.Types.AttributeType.Strings
        : AttributeProto.Types.AttributeType.Undefined;

    private static ModelFormatException Missing(string where) => new($"{where}: has no content; export the model again");
}
