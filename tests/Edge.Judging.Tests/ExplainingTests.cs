using Edge.Graph;
using Edge.Judging.Explaining;
using Edge.Zoo;

namespace Edge.Judging.Tests;

[Collection(nameof(TorchCollection))]
public sealed class ExplainingTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 7)]
    [InlineData(9, 9)]
    public void GradCam_BrightSpot_PeaksThere(int row, int column)
    {
        OnnxModel net = Nets.BrightOrDark();
        Value layer = FeatureMaps.Last(net)!;
        Assert.Equal("active", layer.Name);
        using var model = new DifferentiableModel(net, [1, 12, 12], "net", layer.Name);
        HeatMap map = GradCam.Of(model, Nets.Spot(row, column), target: 0);
        Assert.Equal((12, 12), (map.Height, map.Width));
        Assert.Equal((row + 1, column + 1), map.Peak);
        // What is far from the spot says nothing for "bright", and everything for "dark".
        (int far, int side) = (row < 6 ? 10 : 1, column < 6 ? 10 : 1);
        Assert.Equal(0, map.Values[(far * 12) + side]);
        HeatMap dark = GradCam.Of(model, Nets.Spot(row, column), target: 1);
        Assert.Equal(0, dark.Values[((row + 1) * 12) + column + 1]);
        Assert.True(dark.Values[(far * 12) + side] > 0);
    }

    [Fact]
    public void IntegratedGradients_LinearNet_AreCentredWeightTimesDifference()
    {
        var graph = new OnnxGraph("linear");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 3));
        Value w = graph.AddInitializer("w", OnnxTensor.From<float>([1, 2, 3, 4, 5, 6], 3, 2));
        graph.AddOutput(graph.AddNode("MatMul", [x, w], ["y"], "linear").Outputs[0]!);
        using var model = new DifferentiableModel(new OnnxModel(graph), [3], "linear");
        Attribution result = IntegratedGradients.Of(model, [2, 0, -1], [1, 1, 1], target: 1, steps: 5);
        // The mean of both columns of weights, 1.5, 3.5 and 5.5, speaks for no class.
        Assert.Equal([0.5f, -0.5f, -1f], result.Values);
        Assert.Equal(0, result.Gap, 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void IntegratedGradients_SmoothNet_AddUpToTheDifference(int target)
    {
        using var model = new DifferentiableModel(Nets.Smooth(seed: 5), [6], "smooth");
        Attribution result = IntegratedGradients.Of(model, [3, -2, 1, 0.5f, -4, 2], new float[6], target, steps: 128);
        Assert.True(Math.Abs(result.Score - result.BaselineScore) > 0.05);
        Assert.True(Math.Abs(result.Gap) < 1e-3, $"gap {result.Gap}");
        Attribution coarse = IntegratedGradients.Of(model, [3, -2, 1, 0.5f, -4, 2], new float[6], target, steps: 3);
        Assert.True(Math.Abs(result.Gap) <= Math.Abs(coarse.Gap) + 1e-6);
    }

    [Fact]
    public void IntegratedGradients_ConvNet_AddUpToTheDifference()
    {
        OnnxModel net = ConvNet.Build(new ZooOptions { Classes = 4, Height = 16, Width = 16, Seed = 8 });
        using var model = new DifferentiableModel(net, [1, 16, 16], "convnet");
        float[] picture = [.. Enumerable.Range(0, 256).Select(i => (i * 37 % 101) / 100f)];
        Attribution result = IntegratedGradients.Of(model, picture, new float[256], target: 2, steps: 256);
        double difference = Math.Abs(result.Score - result.BaselineScore);
        Assert.True(Math.Abs(result.Gap) < 0.02 * difference, $"gap {result.Gap} of {difference}");
    }

    [Fact]
    public void IntegratedGradients_BatchSize_ChangesNothing()
    {
        using var model = new DifferentiableModel(Nets.Smooth(), [6], "smooth");
        float[] input = [1, 2, 3, 4, 5, 6];
        float[] one = IntegratedGradients.Of(model, input, new float[6], 0, steps: 20, batch: 1).Values;
        float[] many = IntegratedGradients.Of(model, input, new float[6], 0, steps: 20, batch: 7).Values;
        Assert.All(one.Zip(many), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void TokenGradients_AveragedVectors_AreEachTokensShareOfTheScore()
    {
        // Two classes; tokens 1 and 2 speak for them, 3 for both alike. The mean leaves the padding out.
        var graph = new OnnxGraph("bag");
        Value tokens = graph.AddInput("tokens", ElementType.Int64, TensorShape.Of("n", 4));
        Value table = graph.AddInitializer("table", OnnxTensor.From<float>([0, 0, 2, 0, 0, 4, 5, 5], 4, 2));
        Value vectors = graph.AddNode("Gather", [table, tokens], ["vectors"], "look").Outputs[0]!;
        Value zero = graph.AddInitializer("zero", OnnxTensor.Scalar(0L));
        Value isPadding = graph.AddNode("Equal", [tokens, zero], ["padding"], "equal").Outputs[0]!;
        Node cast = graph.AddNode("Cast", [graph.AddNode("Not", [isPadding], ["real"], "not").Outputs[0]!], ["mask"], "cast");
        cast.Attributes.Set("to", (long)ElementType.Float);
        Value axes = graph.AddInitializer("axes", OnnxTensor.From<long>([1], 1));
        Node count = graph.AddNode("ReduceSum", [cast.Outputs[0]!, axes], ["count"], "count");
        Node sum = graph.AddNode("ReduceSum", [vectors, axes], ["sum"], "sum");
        sum.Attributes.Set("keepdims", 0L);
        graph.AddOutput(graph.AddNode("Div", [sum.Outputs[0]!, count.Outputs[0]!], ["scores"], "mean").Outputs[0]!);
        using var gradients = new TokenGradients(new OnnxModel(graph), "bag");
        Attribution first = gradients.Of([1, 2, 3, 0], target: 0, steps: 4);
        Assert.Equal(0, first.Gap, 1e-6);
        Assert.Equal([1f / 3, -2f / 3, 0, 0], first.Values);
        Assert.Equal([-1f / 3, 2f / 3, 0, 0], gradients.Of([1, 2, 3, 0], target: 1, steps: 4).Values);
        Assert.Throws<JudgingException>(() => gradients.Of([1, 2, 4, 0], target: 0));
    }

    [Fact]
    public void TokenGradients_LstmText_AddUpToTheDifference()
    {
        OnnxModel net = LstmText.Build(new ZooOptions { Shape = [8], Classes = 3, Vocabulary = 20, Embedding = 6, Hidden = 5, Seed = 3 });
        using var gradients = new TokenGradients(net, "lstm-text");
        Attribution result = gradients.Of([4, 9, 11, 2, 19, 0, 0, 0], target: 1, steps: 128);
        Assert.True(Math.Abs(result.Score - result.BaselineScore) > 1e-3);
        Assert.True(Math.Abs(result.Gap) < 0.01 * Math.Abs(result.Score - result.BaselineScore), $"gap {result.Gap}");
        Assert.Equal([0f, 0f, 0f], result.Values[5..]);
    }

    [Fact]
    public void TokenGradients_NetOfNoTokens_IsRefused() =>
        Assert.Contains("table of vectors", Assert.Throws<JudgingException>(() => new TokenGradients(Nets.Smooth(), "smooth")).Message, StringComparison.Ordinal);
}
