using System.Runtime.InteropServices;
using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Graph.Tests;

/// <summary>What is read is what was written, for every part of the file format.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<ElementType> NumberTypes() =>
        [.. Enum.GetValues<ElementType>().Where(type => type is not (ElementType.Undefined or ElementType.String))];

    [Theory]
    [MemberData(nameof(NumberTypes))]
    public void Parse_RawTensorOfEachType_KeepsItsBytes(ElementType type)
    {
        // Odd counts leave the last byte of a packed type half full.
        foreach (long count in new long[] { 0, 1, 3, 5, 8 })
        {
            byte[] content = Bytes((int)type.ByteLength(count));
            var proto = new TensorProto { Name = "w", DataType = (int)type, RawData = ByteString.CopyFrom(content) };
            proto.Dims.Add(count);
            OnnxTensor tensor = RoundTrip(proto);
            Assert.Equal(type, tensor.Type);
            Assert.Equal([count], tensor.Dims);
            Assert.Equal(content, tensor.Bytes.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(NumberTypes))]
    public void Parse_TypedFieldsOfEachType_GiveTheSameAsRawBytes(ElementType type)
    {
        const int Count = 5;
        byte[] content = Bytes((int)type.ByteLength(Count));
        var proto = new TensorProto { Name = "w", DataType = (int)type };
        proto.Dims.Add(Count);
        switch (type)
        {
            case ElementType.Float or ElementType.Complex64:
                proto.FloatData.AddRange(MemoryMarshal.Cast<byte, float>(content).ToArray());
                break;
            case ElementType.Double or ElementType.Complex128:
                proto.DoubleData.AddRange(MemoryMarshal.Cast<byte, double>(content).ToArray());
                break;
            case ElementType.Int64:
                proto.Int64Data.AddRange(MemoryMarshal.Cast<byte, long>(content).ToArray());
                break;
            case ElementType.UInt64:
                proto.Uint64Data.AddRange(MemoryMarshal.Cast<byte, ulong>(content).ToArray());
                break;
            case ElementType.UInt32:
                proto.Uint64Data.AddRange(MemoryMarshal.Cast<byte, uint>(content).ToArray().Select(item => (ulong)item));
                break;
            case ElementType.Int32:
                proto.Int32Data.AddRange(MemoryMarshal.Cast<byte, int>(content).ToArray());
                break;
            case ElementType.Int16:
                proto.Int32Data.AddRange(MemoryMarshal.Cast<byte, short>(content).ToArray().Select(item => (int)item));
                break;
            case ElementType.Int8:
                proto.Int32Data.AddRange(MemoryMarshal.Cast<byte, sbyte>(content).ToArray().Select(item => (int)item));
                break;
            case ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16:
                proto.Int32Data.AddRange(MemoryMarshal.Cast<byte, ushort>(content).ToArray().Select(item => (int)item));
                break;
            default:
                // One byte a number: the 8-bit types, and the packed ones two or four in each.
                proto.Int32Data.AddRange(content.Select(item => (int)item));
                break;
        }
        Assert.Equal(content, RoundTrip(proto).Bytes.ToArray());
    }

    [Fact]
    public void Parse_Strings_KeepTheirBytes()
    {
        var proto = new TensorProto { Name = "w", DataType = (int)ElementType.String };
        proto.Dims.AddRange([1L, 3L]);
        byte[][] items = [[], "naïve"u8.ToArray(), [0xff, 0x00, 0xfe]];
        proto.StringData.AddRange(items.Select(item => ByteString.CopyFrom(item)));
        Assert.Equal(items, RoundTrip(proto).Strings!.Select(item => item.ToArray()));
    }

    [Fact]
    public void Parse_EveryPartOfTheFormat_IsWrittenBackAsItWas()
    {
        ModelProto proto = Everything();
        ModelProto written = ModelProto.Parser.ParseFrom(OnnxModel.Parse(proto.ToByteArray()).ToBytes());
        Assert.Equal(proto.ToString(), written.ToString());
        Assert.Equal(proto, written);
    }

    [Fact]
    public void Save_EditedModel_LoadsAndSavesToTheSameBytes()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Graph.Find("conv")!.Type = new TensorType(ElementType.Float, null);
        model.Graph.Find("relu")!.Type = new TensorType(ElementType.Float, null);
        Node added = model.Graph.InsertBehind(model.Graph.Find("norm")!, "Identity", "behind");
        model.Graph.Find("norm")!.Type = new TensorType(ElementType.Float, null);
        model.Graph.Rename(model.Graph.Find("conv")!, "another");
        Assert.True(added.IsInGraph);
        byte[] once = model.ToBytes();
        Assert.Equal(once, OnnxModel.Parse(once).ToBytes());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(13)]
    public void Parse_IrVersion_IsKept(long version)
    {
        ModelProto proto = Everything();
        proto.IrVersion = version;
        Assert.Equal(version, OnnxModel.Parse(proto.ToByteArray()).IrVersion);
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(index => (byte)((index * 37) + 65))];

    private static OnnxTensor RoundTrip(TensorProto proto)
    {
        var model = new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "g" } };
        model.Graph.Initializer.Add(proto);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 21 });
        OnnxModel first = OnnxModel.Parse(model.ToByteArray());
        OnnxModel second = OnnxModel.Parse(first.ToBytes());
        OnnxTensor tensor = second.Graph.Find("w")!.Constant!;
        Assert.True(tensor.ContentEquals(first.Graph.Find("w")!.Constant!));
        return tensor;
    }

    private static ModelProto Everything()
    {
        static ValueInfoProto Info(string name, Action<TypeProto> fill)
        {
            var info = new ValueInfoProto { Name = name, Type = new TypeProto(), DocString = "about " + name };
            fill(info.Type);
            info.MetadataProps.Add(new StringStringEntryProto { Key = "of", Value = name });
            return info;
        }
        static TypeProto Tensor() => new() { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = Shape() } };
        static TensorShapeProto Shape()
        {
            var shape = new TensorShapeProto();
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 3 });
            shape.Dim.Add(new TensorShapeProto.Types.Dimension());
            return shape;
        }
        static TensorProto Data(string? name)
        {
            var tensor = new TensorProto { DataType = 1, RawData = ByteString.CopyFrom(Bytes(8)), DocString = "data" };
            tensor.Dims.Add(2);
            if (name is not null)
            {
                tensor.Name = name;
            }
            return tensor;
        }
        static SparseTensorProto Sparse(string name)
        {
            var sparse = new SparseTensorProto { Values = Data(name), Indices = new TensorProto { DataType = 7, RawData = ByteString.CopyFrom(new byte[16]) } };
            sparse.Indices.Dims.Add(2);
            sparse.Dims.AddRange([3L, 4L]);
            return sparse;
        }
        static GraphProto Inner(string name)
        {
            var inner = new GraphProto { Name = name, DocString = "inner" };
            var node = new NodeProto { OpType = "Neg", Name = name };
            node.Input.Add("x");
            node.Output.Add(name + "_y");
            inner.Node.Add(node);
            inner.Output.Add(Info(name + "_y", type => type.MergeFrom(Tensor())));
            return inner;
        }
        var graph = new GraphProto { Name = "g", DocString = "the graph" };
        graph.Input.Add(Info("x", type => type.MergeFrom(Tensor())));
        graph.Input.Add(Info("list", type => type.SequenceType = new TypeProto.Types.Sequence { ElemType = Tensor() }));
        graph.Input.Add(Info("maybe", type => type.OptionalType = new TypeProto.Types.Optional { ElemType = Tensor() }));
        graph.Input.Add(Info("dictionary", type => type.MapType = new TypeProto.Types.Map { KeyType = 7, ValueType = Tensor() }));
        graph.Input.Add(Info("opaque", type => type.OpaqueType = new TypeProto.Types.Opaque { Domain = "d", Name = "n" }));
        graph.Input.Add(Info("thin", type =>
        {
            type.SparseTensorType = new TypeProto.Types.SparseTensor { ElemType = 1, Shape = Shape() };
            type.Denotation = "IMAGE";
        }));
        graph.Initializer.Add(Data("w"));
        graph.SparseInitializer.Add(Sparse("sparse"));
        var everything = new NodeProto { OpType = "Everything", Name = "node", Domain = "own", Overload = "o", DocString = "the node" };
        everything.Input.AddRange(["x", "", "w", "sparse"]);
        everything.Output.AddRange(["t", "", "y"]);
        everything.MetadataProps.Add(new StringStringEntryProto { Key = "scope", Value = "s" });
        everything.Attribute.AddRange(
        [
            new AttributeProto { Name = "f", F = 0.5f, Type = AttributeProto.Types.AttributeType.Float, DocString = "about f" },
            new AttributeProto { Name = "i", I = -7, Type = AttributeProto.Types.AttributeType.Int },
            new AttributeProto { Name = "s", S = ByteString.CopyFrom(0xff, 0x41), Type = AttributeProto.Types.AttributeType.String },
            new AttributeProto { Name = "t", T = Data("named"), Type = AttributeProto.Types.AttributeType.Tensor },
            new AttributeProto { Name = "g", G = Inner("one"), Type = AttributeProto.Types.AttributeType.Graph },
            new AttributeProto { Name = "sp", SparseTensor = Sparse("inside"), Type = AttributeProto.Types.AttributeType.SparseTensor },
            new AttributeProto { Name = "tp", Tp = Tensor(), Type = AttributeProto.Types.AttributeType.TypeProto },
            new AttributeProto { Name = "floats", Floats = { 1, 2 }, Type = AttributeProto.Types.AttributeType.Floats },
            new AttributeProto { Name = "ints", Ints = { 1, -2 }, Type = AttributeProto.Types.AttributeType.Ints },
            new AttributeProto { Name = "none", Type = AttributeProto.Types.AttributeType.Ints },
            new AttributeProto { Name = "strings", Strings = { ByteString.CopyFromUtf8("a"), ByteString.Empty }, Type = AttributeProto.Types.AttributeType.Strings },
            new AttributeProto { Name = "tensors", Tensors = { Data(null), Data("b") }, Type = AttributeProto.Types.AttributeType.Tensors },
            new AttributeProto { Name = "graphs", Graphs = { Inner("two"), Inner("three") }, Type = AttributeProto.Types.AttributeType.Graphs },
            new AttributeProto { Name = "sparses", SparseTensors = { Sparse("a") }, Type = AttributeProto.Types.AttributeType.SparseTensors },
            new AttributeProto { Name = "types", TypeProtos = { Tensor(), Tensor() }, Type = AttributeProto.Types.AttributeType.TypeProtos },
        ]);
        graph.Node.Add(everything);
        graph.Output.Add(Info("y", type => type.MergeFrom(Tensor())));
        graph.ValueInfo.Add(Info("t", type => type.MergeFrom(Tensor())));
        graph.QuantizationAnnotation.Add(new TensorAnnotation { TensorName = "t", QuantParameterTensorNames = { new StringStringEntryProto { Key = "SCALE_TENSOR", Value = "w" } } });
        graph.MetadataProps.Add(new StringStringEntryProto { Key = "graph", Value = "1" });
        var function = new FunctionProto { Name = "Everything", Domain = "own", Overload = "o", DocString = "the function" };
        function.Input.AddRange(["a", "b", "c", "d"]);
        function.Output.AddRange(["p", "q", "r"]);
        function.Attribute.Add("needed");
        function.AttributeProto.Add(new AttributeProto { Name = "given", I = 3, Type = AttributeProto.Types.AttributeType.Int });
        foreach (string output in function.Output)
        {
            function.Node.Add(new NodeProto
            {
                OpType = "Elu",
                Input = { "a" },
                Output = { output },
                Attribute = { new AttributeProto { Name = "alpha", RefAttrName = "needed", Type = AttributeProto.Types.AttributeType.Float } },
            });
        }
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        function.MetadataProps.Add(new StringStringEntryProto { Key = "function", Value = "2" });
        function.ValueInfo.Add(Info("p", type => type.MergeFrom(Tensor())));
        var model = new ModelProto { IrVersion = 10, ProducerName = "p", ProducerVersion = "v", Domain = "d", ModelVersion = 4, DocString = "the model", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "model", Value = "3" });
        model.Functions.Add(function);
        model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = new GraphProto { Name = "step" }, UpdateBinding = { new StringStringEntryProto { Key = "w", Value = "w2" } } });
        return model;
    }
}
