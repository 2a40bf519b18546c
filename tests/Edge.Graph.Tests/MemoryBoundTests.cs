using Edge.Benchmarks.Graph;
using Edge.Conformance.Suite;
using Edge.Fuzz;
using Edge.Graph.Inference;
using Edge.Graph.Serialization;
using Edge.Testing;
using Google.Protobuf;

namespace Edge.Graph.Tests;

public sealed class MemoryBoundTests
{
    public static TheoryData<string> Kinds => [.. Crowds.Kinds];

    // The largest crowd that is let in shows whether the price is what it takes.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Load_LargestCrowdThatIsLetIn_StaysWithinItsBound(string kind) => Assert.Null(BoundedHeap.Try(Crowds.Largest(kind)));

    [Theory]
    [InlineData("nodes in a chain")]
    [InlineData("scalars")]
    [InlineData("descriptions of values")]
    public void Parse_CrowdBeyondTheBound_IsRefusedInOneLine(string kind)
    {
        byte[] bytes = Crowds.OfSize(kind, 4 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(bytes, "m"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.StartsWith($"m: its {bytes.Length} bytes hold so many", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Try_MoreThanTheBound_SaysSo() =>
        Assert.NotNull(BoundedHeap.Try(Crowds.Largest("nodes in a chain"), 24 << 20));

    [Fact]
    public void Price_FiftyThousandNodes_IsBelowTheBound() => AssertBelow(GeneratedModel.Make(50_000).ToBytes(), "generated", 0.95);

    [Fact]
    public void Price_NodeSuite_IsFarBelowTheBound()
    {
        foreach (NodeCase item in NodeSuite.Read(SharedData.Path()))
        {
            AssertBelow(item.Model, item.Name, 0.5);
        }
    }

    [Fact]
    public void Price_RealModels_IsFarBelowTheBound()
    {
        foreach (string file in Directory.EnumerateFiles(SharedData.Path("models"), "*.onnx", SearchOption.AllDirectories))
        {
            AssertBelow(File.ReadAllBytes(file), file, 0.5);
        }
    }

    [Theory]
    [InlineData(ElementType.Int64)]
    [InlineData(ElementType.Int8)]
    [InlineData(ElementType.UInt32)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.Float)]
    [InlineData(ElementType.Double)]
    public void Parse_NumbersPackedOrNot_AreTheSame(ElementType type)
    {
        (byte field, byte wire, byte[][] numbers, byte[] expected) = type switch
        {
            ElementType.Int64 => ((byte)7, (byte)0, (byte[][])[[0x01], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]], (byte[])[1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
            ElementType.Int8 => ((byte)5, (byte)0, [[0x7f], [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]], [127, 254]),
            ElementType.UInt32 => ((byte)11, (byte)0, [[0x02], [0xff, 0xff, 0xff, 0xff, 0x0f]], [2, 0, 0, 0, 255, 255, 255, 255]),
            ElementType.Float16 => ((byte)5, (byte)0, [[0x80, 0x78], [0x01]], [0, 0x3c, 1, 0]),
            ElementType.Float => ((byte)4, (byte)5, [[0, 0, 0x80, 0x3f], [1, 2, 3, 4]], [0, 0, 0x80, 0x3f, 1, 2, 3, 4]),
            _ => ((byte)10, (byte)1, [[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]], [1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1]),
        };
        byte[] head = [0x08, 0x02, 0x10, (byte)type];
        byte[] packed = [.. numbers.SelectMany(number => number)];
        byte[] inOne = [.. head, (byte)((field << 3) | 2), (byte)packed.Length, .. packed];
        byte[] inTwo = [.. head, .. numbers.SelectMany(number => (byte[])[(byte)((field << 3) | 2), (byte)number.Length, .. number])];
        byte[] single = [.. numbers.SelectMany(number => (byte[])[(byte)((field << 3) | wire), .. number]), .. head];
        foreach (byte[] bytes in new[] { inOne, inTwo, single })
        {
            Assert.Equal(expected, OnnxTensor.Parse(bytes).Bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 0x01, 0x10, 0x07, 0x3a, 0x01, 0x80 })]
    [InlineData(new byte[] { 0x08, 0x01, 0x10, 0x01, 0x22, 0x03, 0, 0, 0 })]
    [InlineData(new byte[] { 0x08, 0x01, 0x10, 0x07, 0x3a, 0x0b, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    public void Parse_NumberCutShort_IsOneError(byte[] bytes) =>
        Assert.StartsWith("t: a number in it is cut short", Assert.Throws<ModelFormatException>(() => OnnxTensor.Parse(bytes, "t")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_NodesReadManyNamesThatNothingDefines_IsOneError()
    {
        var graph = new Protobuf.GraphProto { Name = "g", Node = { new Protobuf.NodeProto { OpType = "Sum", Output = { "y" } } } };
        graph.Node[0].Input.Add(Enumerable.Range(0, 20_000).Select(index => $"a_name_that_is_not_so_short_{index}"));
        byte[] bytes = new Protobuf.ModelProto { IrVersion = 8, Graph = graph }.ToByteArray();
        Assert.Contains("that nothing defines", Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MoreContentThanIsFollowed_KeepsTypesAndSaysWhy()
    {
        byte[] bytes = Crowds.Make("nodes with many axes", 20_000);
        InferenceResult result = ShapeInference.Run(OnnxModel.Parse(bytes));
        Assert.Contains(result.Unknown, unknown => unknown.Reason.Contains("too much memory to follow", StringComparison.Ordinal));
    }

    private static void AssertBelow(byte[] bytes, string name, double share)
    {
        double used = (double)MessageScan.Price(bytes) / MessageScan.Allowed(bytes.Length);
        Assert.True(used < share, $"{name}: {used:P0} of what a file of {bytes.Length} bytes may take");
    }
}
