using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Builds a model from the bytes of an ONNX file.</summary>
internal static class ModelReader
{
    internal static OnnxModel Read(ReadOnlyMemory<byte> bytes, string source, string? externalDataFolder)
    {
        MessageScan.Check(bytes.Span, source);
        try
        {
            var proto = new ModelProto();
            GraphParts? graph = GraphParts.Split(bytes, proto);
            if (graph is null || !proto.HasIrVersion)
            {
                throw new ModelFormatException("not an ONNX model (it holds no graph); give a file that an exporter wrote as .onnx");
            }
            if (proto.IrVersion is < 1 or > OnnxModel.MaximumIrVersion)
            {
                throw new ModelFormatException($"IR version {proto.IrVersion} is not one of 1 to {OnnxModel.MaximumIrVersion}; export the model for an older ONNX");
            }
            return Build(proto, graph, new TensorReader(externalDataFolder));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException($"{source}: not an ONNX model, or cut short ({e.Message.TrimEnd('.')}); export it again", e);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"{source}: {e.Message}", e);
        }
    }

    /// <summary>Builds a model whose tensors all lie in it.</summary>
    internal static OnnxModel Build(ModelProto proto) => Build(proto, GraphParts.Of(proto.Graph), new TensorReader(externalDataFolder: null));

    private static OnnxModel Build(ModelProto proto, GraphParts graph, TensorReader tensors)
    {
        var graphs = new GraphReader(tensors);
        var model = new OnnxModel(graphs.Read(graph, parent: null))
        {
            IrVersion = proto.IrVersion,
            ProducerName = proto.ProducerName,
            ProducerVersion = proto.ProducerVersion,
            Domain = proto.Domain,
            ModelVersion = proto.ModelVersion,
            DocString = proto.DocString,
            Unknown = proto.Unknown,
        };
        model.Opsets.Clear();
        ReadOpsets(proto.OpsetImport, model.Opsets);
        ReadPairs(proto.MetadataProps, model.Metadata);
        foreach (FunctionProto function in proto.Functions)
        {
            model.Functions.Add(graphs.ReadFunction(function));
        }
        foreach (TrainingInfoProto info in proto.TrainingInfo)
        {
            model.TrainingInfo.Add(info);
        }
        return model;
    }

    internal static void ReadOpsets(IEnumerable<OperatorSetIdProto> from, IDictionary<string, long> into)
    {
        foreach (OperatorSetIdProto import in from)
        {
            string domain = GraphReader.Domain(import.Domain);
            if (!into.TryAdd(domain, import.Version))
            {
                throw new ModelFormatException($"the operator set '{domain}' is imported twice; export the model again");
            }
        }
    }

    internal static void ReadPairs(IEnumerable<StringStringEntryProto> from, IDictionary<string, string> into)
    {
        foreach (StringStringEntryProto pair in from)
        {
            into[pair.Key] = pair.Value;
        }
    }
}
