using Edge.Graph;
using Edge.Zoo;

namespace Edge.Training.Tests;

public sealed class ZooTests
{
    [Theory]
    [InlineData("convnet", 225_034)]
    [InlineData("mlp", 101_770)]
    public void Build_Defaults_HasTheWellKnownNumberOfWeights(string name, int weights)
    {
        OnnxModel model = ZooCatalog.Build(name, new ClassifierOptions());
        Assert.Equal(weights, model.Graph.Initializers.Sum(value => value.Constant!.Length));
        Assert.Equal("input", model.Graph.Inputs[0].Name);
        Assert.Equal("logits", model.Graph.Outputs[0].Name);
        Assert.Equal("[batch,1,28,28]", model.Graph.Inputs[0].Shape!.ToString());
    }

    [Fact]
    public void Build_Seed_DecidesTheWeights()
    {
        byte[] first = ZooCatalog.Build("convnet", new ClassifierOptions { Seed = 1 }).ToBytes();
        Assert.Equal(first, ZooCatalog.Build("convnet", new ClassifierOptions { Seed = 1 }).ToBytes());
        Assert.NotEqual(first, ZooCatalog.Build("convnet", new ClassifierOptions { Seed = 2 }).ToBytes());
    }

    [Fact]
    public void Build_LastLayer_HasGlorotsRange()
    {
        float[] weights = ZooCatalog.Build("mlp", new ClassifierOptions()).Graph.Find("dense2/weight")!.Constant!.ToArray<float>();
        Assert.All(weights, weight => Assert.InRange(weight, -0.2085f, 0.2085f));
        Assert.InRange(weights.Average(), -0.01f, 0.01f);
    }

    [Fact]
    public void Build_UnknownName_SuggestsTheNearest()
    {
        var e = Assert.Throws<ZooException>(() => ZooCatalog.Build("convmet", new ClassifierOptions()));
        Assert.Contains("did you mean 'convnet'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OptionsOutOfRange_AreNamed()
    {
        Assert.Throws<ZooException>(() => ConvNet.Build(new ClassifierOptions { Height = 9 }));
        Assert.Throws<ZooException>(() => ConvNet.Build(new ClassifierOptions { Classes = 1 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ClassifierOptions { Dropout = 1 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ClassifierOptions { Channels = 0 }));
        Assert.Throws<ZooException>(() => Mlp.Build(new ClassifierOptions { Height = 4096, Width = 4096 }));
    }
}
