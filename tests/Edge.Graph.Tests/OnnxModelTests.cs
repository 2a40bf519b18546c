using System.Text;
using Edge.Testing;

namespace Edge.Graph.Tests;

public sealed class OnnxModelTests
{
    [Fact]
    public void Save_ThenLoad_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Metadata["edge.note"] = "naïve";
        model.Save(folder["m.onnx"]);
        OnnxModel loaded = OnnxModel.Load(folder["m.onnx"]);
        Assert.Equal(model.ToBytes(), loaded.ToBytes());
        Assert.Equal("naïve", loaded.Metadata["edge.note"]);
    }

    [Fact]
    public void Load_NoSuchFile_IsOneLine()
    {
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Load("no/such/model.onnx"));
        Assert.Equal("no/such/model.onnx: no such model file; check the path", e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is a text file and no model at all")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public void Parse_NotAModel_IsRefused(string content)
    {
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => OnnxModel.Parse(Encoding.UTF8.GetBytes(content), "x.onnx"));
        Assert.StartsWith("x.onnx: not an ONNX model", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Parse_EveryTruncation_IsRefusedOrStillAModel()
    {
        byte[] bytes = GraphFixtures.ConvNormRelu().ToBytes();
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                ModelVerifier.Verify(OnnxModel.Parse(bytes.AsMemory(0, length)));
            }
            catch (ModelFormatException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    [Fact]
    public void Parse_MutatedBytes_ThrowsNothingElse()
    {
        byte[] bytes = GraphFixtures.ConvNormRelu().ToBytes();
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] mutated = (byte[])bytes.Clone();
            for (int flips = random.Next(1, 8); flips > 0; flips--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }
            try
            {
                OnnxModel model = OnnxModel.Parse(mutated);
                ModelVerifier.Verify(model);
                _ = model.ToBytes();
            }
            catch (ModelFormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Verify_MissingInput_NamesNodeAndValue()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, null);
        graph.AddOutput(graph.AddNode("Add", [x, graph.Define("ghost")], ["y"], "sum").Outputs[0]!);
        Assert.Equal("Add node 'sum': reads 'ghost', which nothing defines", Assert.Single(ModelVerifier.Verify(new OnnxModel(graph))).ToString());
    }

    [Fact]
    public void Verify_ForeignDomain_NamesTheNode()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, null);
        graph.AddOutput(graph.AddNode("Magic", [x], ["y"], "m", domain: "com.example").Outputs[0]!);
        Assert.Contains("does not import", Assert.Single(ModelVerifier.Verify(new OnnxModel(graph))).What, StringComparison.Ordinal);
    }
}
