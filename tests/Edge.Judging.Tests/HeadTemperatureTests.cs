using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Training.Metrics;
using Edge.Zoo;

namespace Edge.Judging.Tests;

public sealed class HeadTemperatureTests
{
    private static readonly float[] Picture = [.. Enumerable.Range(0, 144).Select(i => MathF.Abs(MathF.Sin(i)))];

    [Fact]
    public void Apply_LinearHead_TakesItIntoItsWeights()
    {
        OnnxModel model = ConvNet.Build(new ZooOptions { Height = 12, Width = 12, Classes = 3 });
        float[] before = Run(model);
        int nodes = model.Graph.Nodes.Count;
        HeadTemperature.Apply(model, 2.5);
        Assert.Equal(nodes, model.Graph.Nodes.Count);
        Assert.All(before.Zip(Run(model)), pair => Assert.Equal(pair.First / 2.5f, pair.Second, 1e-5));
    }

    [Fact]
    public void Apply_OtherHead_GetsOneMoreNodeAndKeepsItsNames()
    {
        OnnxModel model = Nets.BrightOrDark();
        float[] before = Run(model);
        HeadTemperature.Apply(model, 0.5);
        ModelVerifier.ThrowIfInvalid(model, "model");
        using var session = new EngineSession(model);
        Assert.Equal(["scores"], session.OutputNames);
        Assert.All(before.Zip(Run(model)), pair => Assert.Equal(pair.First * 2, pair.Second, 1e-5));
    }

    [Fact]
    public void Apply_Softmax_GoesBelowIt()
    {
        OnnxModel model = Nets.BrightOrDark(softmax: true);
        float[] logits = Run(Nets.BrightOrDark());
        HeadTemperature.Apply(model, 3);
        Assert.All(Softmax.Rows(logits, 2, 3).Zip(Run(model)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static float[] Run(OnnxModel model)
    {
        using var session = new EngineSession(model);
        return session.Run(new Dictionary<string, OnnxTensor> { [session.InputNames[0]] = OnnxTensor.From<float>(Picture, 1, 1, 12, 12) })[0].ToArray<float>();
    }
}
