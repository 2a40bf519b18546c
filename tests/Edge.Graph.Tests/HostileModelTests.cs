using Edge.Graph.Inference;
using Edge.Graph.Protobuf;
using Edge.Testing;
using Google.Protobuf;

namespace Edge.Graph.Tests;

public sealed class HostileModelTests
{
    [Theory]
    [InlineData(new long[] { 1L << 20, 1L << 20 })]
    [InlineData(new long[] { 1L << 40 })]
    [InlineData(new[] { long.MaxValue, long.MaxValue })]
    [InlineData(new[] { 0, long.MaxValue, long.MaxValue, 7 })]
    [InlineData(new long[] { -4 })]
    public void Parse_AbsurdDimensions_AreRefusedWithoutAllocating(long[] dims)
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, RawData = ByteString.CopyFrom(new byte[16]) };
        tensor.Dims.AddRange(dims);
        byte[] bytes = Model(graph => graph.Initializer.Add(tensor));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(bytes, "m"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.StartsWith("m: initializer 'w': ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(15)]
    public void Parse_AMillionEmptyParts_AreRefusedBeforeTheyAreBuilt(int field)
    {
        byte[] parts = [.. Enumerable.Repeat(new byte[] { (byte)((field << 3) | 2), 0 }, 1_000_000).SelectMany(part => part)];
        byte[] bytes = [0x08, 0x08, .. Field(7, parts)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8L * bytes.Length) + (64 << 20));
    }

    [Theory]
    [InlineData(3, 0x43)]
    [InlineData(1000, 0x7b)]
    public void Parse_PartsInsideUnknownGroups_AreBoundedToo(int field, byte group)
    {
        byte[] parts = [.. Enumerable.Repeat(new byte[] { 0x0a, 0 }, 400_000).SelectMany(part => part)];
        byte[] bytes = [0x08, (byte)(field % 100), group, .. Field(7, parts), (byte)(group + 1)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (8L * bytes.Length) + (64 << 20));
    }

    [Fact]
    public void Parse_GraphsTwoHundredDeep_IsOneError()
    {
        byte[] graph = [];
        for (int level = 0; level < 200; level++)
        {
            graph = Field(1, Field(5, [.. Field(6, graph), 0xa0, 0x01, 0x05]));
        }
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(new byte[] { 0x08, 0x08 }.Concat(Field(7, graph)).ToArray(), "deep"));
        Assert.StartsWith("deep: not an ONNX model", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Parse_NameWithLineEndsAndAMillionLetters_IsStillOneBearableLine()
    {
        var tensor = new TensorProto { Name = "a\n\u001b[31m" + new string('x', 1_000_000), DataType = 99 };
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(Model(graph => graph.Initializer.Add(tensor))));
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.InRange(e.Message.Length, 100, 1_100);
    }

    [Fact]
    public void Verify_Circle_NamesTheNode()
    {
        byte[] bytes = Model(graph =>
        {
            graph.Node.Add(Node("Relu", "a", "b"));
            graph.Node.Add(Node("Relu", "b", "a"));
        });
        OnnxModel model = OnnxModel.Parse(bytes);
        Assert.Equal("Relu node 'b': reads 'a' before Relu node 'a' makes it", Assert.Single(ModelVerifier.Verify(model)).ToString());
        _ = ShapeInference.Run(model);
    }

    [Fact]
    public void Verify_EverythingWrong_StopsAtTheMostProblems()
    {
        byte[] bytes = Model(graph => graph.Node.AddRange(Enumerable.Range(0, 5_000).Select(index => Node("Rezhape", "nothing", $"v{index}"))));
        int count = ModelVerifier.Verify(OnnxModel.Parse(bytes)).Count;
        Assert.InRange(count, ModelVerifier.MaximumProblems, ModelVerifier.MaximumProblems + 8);
    }

    [Theory]
    [InlineData("folder/w.bin")]
    [InlineData("w.bin/")]
    [InlineData(".")]
    [InlineData("./.")]
    [InlineData("a//w.bin")]
    [InlineData("..\\w.bin")]
    public void Load_ExternalDataByAnOddPath_IsRefused(string location)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere["w.bin"], new byte[16]);
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        Directory.CreateSymbolicLink(folder["folder"], elsewhere.Path);
        Assert.Throws<ModelFormatException>(() => Load(folder, External(location, "0", "16")));
    }

    [Fact]
    public void Load_ExternalDataByDotSlash_IsRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        Assert.Equal(4, Load(folder, External("./w.bin", "0", "16")).Graph.Find("w0")!.Constant!.Length);
    }

    [Theory]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9223372036854775800", "16")]
    [InlineData("9223372036854775808", "16")]
    [InlineData("1", "16")]
    public void Load_ExternalDataBeyondTheEnd_IsRefused(string offset, string length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[16]);
        Assert.Throws<ModelFormatException>(() => Load(folder, External("w.bin", offset, length)));
    }

    [Fact]
    public void Load_TensorsThatShareExternalData_TakeItOnce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[1 << 20]);
        TensorProto[] tensors = [.. Enumerable.Range(0, 1_000).Select(_ => External("w.bin", "0", "1048576", 1 << 18))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(1_000, Load(folder, tensors).Graph.Initializers.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Load_TensorsThatOverlapInExternalData_AreRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["w.bin"], new byte[1 << 20]);
        TensorProto[] tensors = [.. Enumerable.Range(0, 8).Select(index => External("w.bin", $"{index * 4}", "524288", 1 << 17))];
        Assert.Contains("no more than the files hold", Assert.Throws<ModelFormatException>(() => Load(folder, tensors)).Message, StringComparison.Ordinal);
    }

    private static TensorProto External(string location, string offset, string length, long count = 4)
    {
        var tensor = new TensorProto { DataType = 1, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add(count);
        foreach ((string key, string text) in new[] { ("location", location), ("offset", offset), ("length", length) })
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = text });
        }
        return tensor;
    }

    private static OnnxModel Load(TemporaryFolder folder, params TensorProto[] tensors)
    {
        for (int index = 0; index < tensors.Length; index++)
        {
            tensors[index].Name = $"w{index}";
        }
        File.WriteAllBytes(folder["m.onnx"], Model(graph => graph.Initializer.AddRange(tensors)));
        return OnnxModel.Load(folder["m.onnx"]);
    }

    private static NodeProto Node(string op, string input, string output)
    {
        var node = new NodeProto { OpType = op };
        node.Input.Add(input);
        node.Output.Add(output);
        return node;
    }

    private static byte[] Model(Action<GraphProto> fill)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        fill(model.Graph);
        return model.ToByteArray();
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return stream.ToArray();
    }
}
