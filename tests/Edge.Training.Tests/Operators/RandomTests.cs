using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Tests.Operators;

/// <summary>Operators that draw by lot: type, shape and moments.</summary>
[Collection(nameof(TorchCollection))]
public sealed class RandomTests
{
    [Theory]
    [InlineData("RandomNormal", 3.0, 2.0)]
    [InlineData("RandomUniform", 1.5, 0.866)]
    [InlineData("RandomNormalLike", 3.0, 2.0)]
    [InlineData("RandomUniformLike", 1.5, 0.866)]
    public void Run_RandomNumbers_HaveTheMoments(string op, double mean, double deviation)
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of(40, 50));
        bool isLike = op.EndsWith("Like", StringComparison.Ordinal);
        Node node = graph.AddNode(op, isLike ? [input] : [], ["y"]);
        if (!isLike)
        {
            node.Attributes.Set("shape", [40L, 50]);
        }
        if (op.StartsWith("RandomNormal", StringComparison.Ordinal))
        {
            node.Attributes.Set("mean", 3f);
            node.Attributes.Set("scale", 2f);
        }
        else
        {
            node.Attributes.Set("low", 0f);
            node.Attributes.Set("high", 3f);
        }
        graph.AddOutput(node.Outputs[0]!);
        using var executor = new GraphExecutor(new OnnxModel(graph));
        using Tensor x = Tensor.Zeros(DataType.Float32, [40, 50]);
        Libtorch.Seed(3);
        using Tensor first = executor.Run(x, training: false);
        using Tensor second = executor.Run(x, training: false);
        float[] values = first.ToArray<float>();
        Assert.Equal([40, 50], first.Shape);
        Assert.NotEqual(values, second.ToArray<float>());
        double average = values.Average();
        Assert.InRange(average, mean - 0.2, mean + 0.2);
        Assert.InRange(Math.Sqrt(values.Average(value => (value - average) * (value - average))), deviation - 0.1, deviation + 0.1);
    }

    [Fact]
    public void Run_Bernoulli_DrawsWithTheProbability()
    {
        OnnxModel model = new OperatorCase("Bernoulli", 15).Between(0.3f, 0.3f, 2000).Build();
        using var executor = new GraphExecutor(model);
        float[] chances = new float[2000];
        Array.Fill(chances, 0.3f);
        using Tensor x = Tensor.From<float>(chances, [2000]);
        Libtorch.Seed(3);
        using Tensor y = executor.Run(x, training: false);
        Assert.InRange(y.ToArray<float>().Sum(), 500, 700);
        Assert.All(y.ToArray<float>(), value => Assert.True(value is 0 or 1));
    }

    [Fact]
    public void Run_DropoutWithMask_MaskSaysWhatWasDropped()
    {
        OnnxModel model = new OperatorCase("Dropout", 13) { Outputs = 2 }.Input(1000).Constant([0.25f]).Build();
        using var executor = new GraphExecutor(model);
        using Tensor x = Tensor.From<float>(OperatorCase.Values(1000, 1), [1000]);
        Libtorch.Seed(1);
        Tensor[] outputs = executor.Run([x], RunMode.Training);
        bool[] mask = outputs[1].ToArray<bool>();
        float[] values = outputs[0].ToArray<float>();
        Assert.InRange(mask.Count(kept => !kept), 180, 320);
        Assert.All(mask.Zip(values), pair => Assert.Equal(pair.First, pair.Second != 0));
        Array.ForEach(outputs, output => output.Dispose());
    }
}
