using Edge.Graph;
using Edge.Judging.Explaining;
using Edge.Testing;
using Edge.Zoo;

namespace Edge.Judging.Tests;

public sealed class FeatureMapTests
{
    [Fact]
    public void Last_ConvNet_IsTheSecondConvolutionRectified()
    {
        Value? map = FeatureMaps.Last(ConvNet.Build(new ZooOptions { Classes = 3 }));
        Assert.Equal("conv2/relu", map?.Producer?.Name);
        Assert.Equal(11, map!.Shape![2].Size);
    }

    [Fact]
    public void Last_Mlp_IsNone() => Assert.Null(FeatureMaps.Last(Mlp.Build(new ZooOptions { Classes = 3 })));

    [Fact]
    public void Last_ChannelsMovedBack_IsTheMapBeforeThat()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 1, 8, 8));
        Value w = graph.AddInitializer("w", OnnxTensor.From<float>(new float[18], 2, 1, 3, 3));
        Value conv = graph.AddNode("Conv", [x, w], ["conv"], "conv").Outputs[0]!;
        Node move = graph.AddNode("Transpose", [conv], ["moved"], "move");
        move.Attributes.Set("perm", [0L, 2, 3, 1]);
        Value scaled = graph.AddNode("Relu", [move.Outputs[0]!], ["scaled"], "relu").Outputs[0]!;
        graph.AddOutput(graph.AddNode("Flatten", [scaled], ["y"], "flatten").Outputs[0]!);
        Assert.Equal("conv", FeatureMaps.Last(new OnnxModel(graph))?.Name);
    }

    [Fact]
    public void Find_WrongName_NamesTheNearest()
    {
        OnnxModel model = ConvNet.Build(new ZooOptions { Classes = 3 });
        Assert.Equal("conv1", FeatureMaps.Find(model, "conv1").Producer!.Name);
        Assert.Contains("did you mean 'conv2/out'", Assert.Throws<JudgingException>(() => FeatureMaps.Find(model, "conv2/oud")).Message, StringComparison.Ordinal);
        Assert.Contains("no feature maps at all", Assert.Throws<JudgingException>(() => FeatureMaps.Find(Mlp.Build(new ZooOptions { Classes = 3 }), "x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlperf-tiny")]
    [InlineData("mnist")]
    public void Last_ImportedClassifier_IsFound(string folder)
    {
        string[] files = Directory.GetFiles(SharedData.Path("models", folder), "*.onnx", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Value map = FeatureMaps.Last(OnnxModel.Load(files[0]))!;
        Assert.True(map.Shape![2].Size > 1, map.ToString());
    }
}
