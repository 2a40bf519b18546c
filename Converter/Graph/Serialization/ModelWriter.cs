using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Writes a model as the bytes of an ONNX file.</summary>
/// <param name="external">Where large tensors go; null keeps all of them in the file.</param>
internal sealed class ModelWriter(ExternalDataPlan? external = null)
{
    // What protobuf allows is 2 GiB; the rest of a model takes room beside its tensors.
    internal const long MaximumTensorBytes = int.MaxValue - (64L << 20);

    /// <summary>Bytes of all tensors of a model, wherever in it they are.</summary>
    internal static long TensorBytes(OnnxModel model) => Graphs(model).Sum(graph =>
        graph.Initializers.Sum(value => (long)value.Constant!.Bytes.Length)
        + graph.Nodes.Sum(node => node.Attributes.Sum(attribute => attribute.Content switch
        {
            OnnxTensor tensor => tensor.Bytes.Length,
            OnnxTensor[] tensors => tensors.Sum(tensor => (long)tensor.Bytes.Length),
            _ => 0,
        })));

    internal byte[] Write(OnnxModel model)
    {
        long data = external is null ? TensorBytes(model) : 0;
        if (data >= MaximumTensorBytes)
        {
            throw new ModelFormatException($"the model's tensors take {data} bytes; an ONNX file holds less than 2 GB: save it to a file, which keeps them beside it");
        }
        ModelProto proto = Proto(model);
        try
        {
            return proto.ToByteArray();
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException or ArgumentException)
        {
            throw new ModelFormatException("the model takes more than the 2 GB that an ONNX file holds; make its tensors initializers, which can lie beside it", e);
        }
    }

    private static IEnumerable<OnnxGraph> Graphs(OnnxModel model) =>
        model.Functions.Select(function => function.Body).Prepend(model.Graph).SelectMany(graph => graph.WithSubgraphs());

    /// <summary>The model as the file format has it; the content of tensors is shared.</summary>
    internal static ModelProto ToProto(OnnxModel model) => new ModelWriter().Proto(model);

    private ModelProto Proto(OnnxModel model)
    {
        var proto = new ModelProto { IrVersion = model.IrVersion, Graph = Graph(model.Graph), Unknown = model.Unknown };
        SetIf(model.ProducerName, text => proto.ProducerName = text);
        SetIf(model.ProducerVersion, text => proto.ProducerVersion = text);
        SetIf(model.Domain, text => proto.Domain = text);
        SetIf(model.DocString, text => proto.DocString = text);
        if (model.ModelVersion != 0)
        {
            proto.ModelVersion = model.ModelVersion;
        }
        proto.OpsetImport.AddRange(Opsets(model.Opsets));
        proto.MetadataProps.AddRange(Pairs(model.Metadata));
        proto.Functions.AddRange(model.Functions.Select(Function));
        proto.TrainingInfo.AddRange(model.TrainingInfo);
        return proto;
    }

    private GraphProto Graph(OnnxGraph graph)
    {
        var proto = new GraphProto { Name = graph.Name, Unknown = graph.Unknown };
        SetIf(graph.DocString, text => proto.DocString = text);
        proto.Node.AddRange(graph.Nodes.Select(Node));
        proto.Input.AddRange(graph.Inputs.Select(Info));
        proto.Output.AddRange(graph.Outputs.Select(Info));
        foreach (Value value in graph.Initializers)
        {
            TensorProto tensor = Tensor(value.Constant!, mayMove: true);
            tensor.Name = value.Name;
            proto.Initializer.Add(tensor);
        }
        foreach ((string name, OnnxSparseTensor sparse) in graph.SparseInitializers)
        {
            SparseTensorProto tensor = Sparse(sparse);
            tensor.Values.Name = name;
            proto.SparseInitializer.Add(tensor);
        }
        // In the order of the nodes, whatever edits came before.
        proto.ValueInfo.AddRange(graph.Nodes.SelectMany(node => node.Outputs).Concat(graph.Values.Where(value => value.Producer is null))
            .Where(value => value is { IsGraphInput: false, IsGraphOutput: false } && (value is { Type: not null, Constant: null } || SaysMore(value))).Select(value => Info(value!)));
        foreach (QuantizationAnnotation annotation in graph.QuantizationAnnotations)
        {
            var item = new TensorAnnotation { TensorName = annotation.Tensor };
            item.QuantParameterTensorNames.AddRange(Pairs(annotation.Parameters));
            proto.QuantizationAnnotation.Add(item);
        }
        proto.MetadataProps.AddRange(Pairs(graph.Metadata));
        return proto;
    }

    private FunctionProto Function(OnnxFunction function)
    {
        var proto = new FunctionProto { Name = function.Name, Unknown = function.Unknown };
        SetIf(function.Domain, text => proto.Domain = text);
        SetIf(function.Overload, text => proto.Overload = text);
        SetIf(function.DocString, text => proto.DocString = text);
        proto.Input.AddRange(function.Body.Inputs.Select(value => value.Name));
        proto.Output.AddRange(function.Body.Outputs.Select(value => value.Name));
        proto.Node.AddRange(function.Body.Nodes.Select(Node));
        proto.ValueInfo.AddRange(function.Body.Values.Where(value => value.Type is not null).Select(Info));
        proto.Attribute.AddRange(function.RequiredAttributes);
        proto.AttributeProto.AddRange(function.DefaultAttributes.Select(Attribute));
        proto.OpsetImport.AddRange(Opsets(function.Opsets));
        proto.MetadataProps.AddRange(Pairs(function.Metadata));
        return proto;
    }

    private NodeProto Node(Node node)
    {
        var proto = new NodeProto { OpType = node.OpType, Unknown = node.Unknown };
        SetIf(node.Name, text => proto.Name = text);
        SetIf(node.Domain, text => proto.Domain = text);
        SetIf(node.Overload, text => proto.Overload = text);
        SetIf(node.DocString, text => proto.DocString = text);
        proto.Input.AddRange(node.Inputs.Select(value => value?.Name ?? ""));
        proto.Output.AddRange(node.Outputs.Select(value => value?.Name ?? ""));
        proto.Attribute.AddRange(node.Attributes.Select(Attribute));
        proto.MetadataProps.AddRange(Pairs(node.MetadataOrNone));
        return proto;
    }

    private AttributeProto Attribute(NodeAttribute attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name, Type = (AttributeProto.Types.AttributeType)(int)attribute.Kind, Unknown = attribute.Unknown };
        SetIf(attribute.Reference, text => proto.RefAttrName = text);
        SetIf(attribute.DocString, text => proto.DocString = text);
        switch (attribute.Content)
        {
            case float value:
                proto.F = value;
                break;
            case long value:
                proto.I = value;
                break;
            case byte[] value:
                proto.S = ByteString.CopyFrom(value);
                break;
            case OnnxTensor value:
                proto.T = Tensor(value);
                break;
            case OnnxGraph value:
                proto.G = Graph(value);
                break;
            case float[] values:
                proto.Floats.AddRange(values);
                break;
            case long[] values:
                proto.Ints.AddRange(values);
                break;
            case byte[][] values:
                proto.Strings.AddRange(values.Select(value => ByteString.CopyFrom(value)));
                break;
            case OnnxTensor[] values:
                proto.Tensors.AddRange(values.Select(Tensor));
                break;
            case OnnxGraph[] values:
                proto.Graphs.AddRange(values.Select(Graph));
                break;
            case OnnxSparseTensor value:
                proto.SparseTensor = Sparse(value);
                break;
            case OnnxSparseTensor[] values:
                proto.SparseTensors.AddRange(values.Select(Sparse));
                break;
            case OnnxType value:
                proto.Tp = TypeConverter.ToProto(value);
                break;
            case OnnxType[] values:
                proto.TypeProtos.AddRange(values.Select(TypeConverter.ToProto));
                break;
            default:
                break;
        }
        return proto;
    }

    // What is known of a value beyond its type stands nowhere else.
    private static bool SaysMore(Value value) => value.DocString is not null || value.MetadataOrNone.Count > 0 || value.Unknown is not null;

    private static ValueInfoProto Info(Value value)
    {
        var proto = new ValueInfoProto { Name = value.Name, Unknown = value.Unknown };
        if (value.Type is not null)
        {
            proto.Type = TypeConverter.ToProto(value.Type);
        }
        SetIf(value.DocString, text => proto.DocString = text);
        proto.MetadataProps.AddRange(Pairs(value.MetadataOrNone));
        return proto;
    }

    private TensorProto Tensor(OnnxTensor tensor) => Tensor(tensor, mayMove: false);

    private TensorProto Tensor(OnnxTensor tensor, bool mayMove)
    {
        var proto = new TensorProto { DataType = (int)tensor.Type, Unknown = tensor.Unknown };
        SetIf(tensor.Name, text => proto.Name = text);
        SetIf(tensor.DocString, text => proto.DocString = text);
        proto.MetadataProps.AddRange(Pairs(tensor.Metadata));
        proto.Dims.AddRange(tensor.Dims);
        if (tensor.Strings is { } strings)
        {
            proto.StringData.AddRange(strings.Select(item => ByteString.CopyFrom(item.Span)));
        }
        else if (mayMove && external?.TryAdd(tensor.Bytes) is { } place)
        {
            proto.DataLocation = TensorProto.Types.DataLocation.External;
            proto.ExternalData.AddRange(place.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        }
        else
        {
            // A tensor's bytes never change, so the file may be written from where they lie.
            proto.RawData = UnsafeByteOperations.UnsafeWrap(tensor.Bytes);
        }
        return proto;
    }

    private SparseTensorProto Sparse(OnnxSparseTensor sparse)
    {
        var proto = new SparseTensorProto { Values = Tensor(sparse.Values), Indices = Tensor(sparse.Indices) };
        proto.Dims.AddRange(sparse.Dims);
        return proto;
    }

    private static IEnumerable<OperatorSetIdProto> Opsets(IEnumerable<KeyValuePair<string, long>> opsets) =>
        opsets.Select(opset => new OperatorSetIdProto { Domain = opset.Key, Version = opset.Value });

    private static IEnumerable<StringStringEntryProto> Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        pairs.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value });

    private static void SetIf(string? text, Action<string> set)
    {
        if (!string.IsNullOrEmpty(text))
        {
            set(text);
        }
    }
}
