using Edge.Graph.Inference;
using Edge.Graph.Protobuf;
using Edge.Testing;
using Google.Protobuf;

namespace Edge.Graph.Tests;

/// <summary>What tools left in a file beyond the network itself is written back.</summary>
public sealed class KeptFieldsTests
{
    // Field 777, a string.
    private static readonly byte[] Strange = [0xca, 0x30, 3, (byte)'n', (byte)'e', (byte)'w'];

    [Fact]
    public void Save_DenotationsOfAxes_StayEvenAfterInference()
    {
        ModelProto proto = Proto();
        TensorShapeProto shape = proto.Graph.Input[0].Type.TensorType.Shape;
        shape.Dim[0].Denotation = "DATA_BATCH";
        shape.Dim[1].Denotation = "DATA_FEATURE";
        OnnxModel model = OnnxModel.Parse(proto.ToByteArray());
        ShapeInference.Run(model);
        Assert.Equal(["DATA_BATCH", "DATA_FEATURE"], Written(model).Graph.Input[0].Type.TensorType.Shape.Dim.Select(dim => dim.Denotation));
    }

    [Fact]
    public void Save_MetadataOfEveryPart_Stays()
    {
        ModelProto proto = Proto();
        StringStringEntryProto Note(string text) => new() { Key = "note", Value = text };
        proto.MetadataProps.Add(Note("model"));
        proto.Graph.MetadataProps.Add(Note("graph"));
        proto.Graph.Node[0].MetadataProps.Add(Note("node"));
        proto.Graph.Input[0].MetadataProps.Add(Note("input"));
        proto.Graph.Initializer[0].MetadataProps.Add(Note("tensor"));
        // Described without a type, and described although it is an initializer.
        proto.Graph.ValueInfo.Add(new ValueInfoProto { Name = "t", MetadataProps = { Note("value") } });
        proto.Graph.ValueInfo.Add(new ValueInfoProto { Name = "w", MetadataProps = { Note("weight") } });
        ModelProto written = Written(OnnxModel.Parse(proto.ToByteArray()));
        Assert.Equal(
            ["model", "graph", "node", "input", "tensor", "value", "weight"],
            new[] { written.MetadataProps, written.Graph.MetadataProps, written.Graph.Node[0].MetadataProps, written.Graph.Input[0].MetadataProps, written.Graph.Initializer[0].MetadataProps }
                .Concat(written.Graph.ValueInfo.OrderBy(info => info.Name, StringComparer.Ordinal).Select(info => info.MetadataProps)).Select(list => Assert.Single(list).Value));
    }

    [Fact]
    public void Save_FieldsOfANewerFormat_StayWhereTheyWere()
    {
        ModelProto proto = Proto();
        proto.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "alpha", F = 1, Type = AttributeProto.Types.AttributeType.Float });
        foreach (IMessage message in new IMessage[] { proto, proto.Graph, proto.Graph.Node[0], proto.Graph.Node[0].Attribute[0], proto.Graph.Input[0], proto.Graph.Initializer[0] })
        {
            message.MergeFrom(Strange);
        }
        byte[] bytes = proto.ToByteArray();
        OnnxModel model = OnnxModel.Parse(bytes);
        byte[] once = model.ToBytes();
        Assert.Equal(6, Occurrences(once));
        Assert.Equal(once, OnnxModel.Parse(once).ToBytes());
        Assert.Equal(once, model.Copy().ToBytes());
        // The same parts have them.
        Assert.Equal(proto, Written(model));
    }

    [Theory]
    [InlineData(new byte[] { 0xc8, 0x30, 1 })]
    [InlineData(new byte[] { 0xca, 0x30, 0 })]
    [InlineData(new byte[] { 0xcb, 0x30, 0x08, 1, 0xcc, 0x30 })]
    public void Parse_AMillionUnknownFields_AreBounded(byte[] field)
    {
        byte[] bytes = [.. Proto().ToByteArray(), .. Enumerable.Repeat(field, 1_000_000).SelectMany(part => part)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            OnnxModel.Parse(bytes);
        }
        catch (ModelFormatException)
        {
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8L * bytes.Length) + (64 << 20));
    }

    [Fact]
    public void Load_ExternalDataWithASecondName_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        ModelProto proto = Proto();
        TensorProto tensor = proto.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
        File.WriteAllBytes(folder["m.onnx"], proto.ToByteArray());
        File.WriteAllBytes(folder["w.bin"], new byte[8]);
        Assert.Equal(2, OnnxModel.Load(folder["m.onnx"]).Graph.Find("w")!.Constant!.Length);
        using (var link = System.Diagnostics.Process.Start("ln", [folder["w.bin"], elsewhere["secret"]]))
        {
            link.WaitForExit();
        }
        Assert.Contains("hard links", Assert.Throws<ModelFormatException>(() => OnnxModel.Load(folder["m.onnx"])).Message, StringComparison.Ordinal);
    }

    private static int Occurrences(byte[] bytes) => Enumerable.Range(0, bytes.Length - Strange.Length + 1).Count(place => bytes.AsSpan(place, Strange.Length).SequenceEqual(Strange));

    private static ModelProto Written(OnnxModel model) => ModelProto.Parser.ParseFrom(model.ToBytes());

    private static ModelProto Proto()
    {
        TypeProto Type(long columns) => new()
        {
            TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "n" }, new TensorShapeProto.Types.Dimension { DimValue = columns } } } },
        };
        var graph = new GraphProto { Name = "g" };
        graph.Input.Add(new ValueInfoProto { Name = "x", Type = Type(2) });
        graph.Output.Add(new ValueInfoProto { Name = "y", Type = Type(2) });
        graph.Initializer.Add(new TensorProto { Name = "w", DataType = 1, Dims = { 2 }, RawData = ByteString.CopyFrom(new byte[8]) });
        graph.Node.Add(new NodeProto { OpType = "LeakyRelu", Name = "first", Input = { "x" }, Output = { "t" } });
        graph.Node.Add(new NodeProto { OpType = "Add", Name = "second", Input = { "t", "w" }, Output = { "y" } });
        return new ModelProto { IrVersion = 10, ProducerName = "test", Graph = graph, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } } };
    }
}
