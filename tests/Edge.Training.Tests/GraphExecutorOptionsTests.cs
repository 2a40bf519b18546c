using Edge.Graph;
using Edge.Torch;
using Edge.Zoo;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class GraphExecutorOptionsTests
{
    private static readonly Operator Sum = new("aten::sum");

    [Fact]
    public void Kept_AfterBackward_HasActivationAndGradient()
    {
        using var executor = new GraphExecutor(Product(), new GraphExecutorOptions { Keep = ["middle"] });
        using Tensor a = Tensor.From<float>([1, 2, 3], [3]);
        using Tensor b = Tensor.From<float>([4, 5, 6], [3]);
        Tensor[] outputs = executor.Run(new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a }, RunMode.Gradients);
        Assert.Equal([8f, 20, 36], outputs[0].ToArray<float>());
        Assert.Equal([4f, 10, 18], executor.Kept("middle").ToArray<float>());
        using Tensor sum = Sum.Call(outputs[0]);
        sum.Backward();
        using Tensor gradient = executor.Kept("middle").Gradient()!;
        Assert.Equal([2f, 2, 2], gradient.ToArray<float>());
        Array.ForEach(outputs, output => output.Dispose());
    }

    [Fact]
    public void Run_InputRequiresGrad_GetsItsGradient()
    {
        using var executor = new GraphExecutor(Product(), new GraphExecutorOptions { IsTrainable = _ => false });
        using Tensor a = Tensor.From<float>([1, 2, 3], [3]);
        using Tensor b = Tensor.From<float>([4, 5, 6], [3]);
        a.RequiresGrad = true;
        Tensor[] outputs = executor.Run([a, b], RunMode.Gradients);
        using Tensor sum = Sum.Call(outputs[0]);
        sum.Backward();
        using Tensor gradient = a.Gradient()!;
        Assert.Equal([8f, 10, 12], gradient.ToArray<float>());
        Assert.Null(executor.Parameters[0].Value.Gradient());
        Assert.False(executor.Parameters[0].IsTrainable);
        Array.ForEach(outputs, output => output.Dispose());
    }

    [Fact]
    public void Run_InputsByNameMissingOrUnknown_Throws()
    {
        using var executor = new GraphExecutor(Product());
        using Tensor a = Tensor.From<float>([1, 2, 3], [3]);
        Assert.Contains("'b'", Assert.Throws<ArgumentException>(() => executor.Run(new Dictionary<string, Tensor> { ["a"] = a }, RunMode.Inference)).Message, StringComparison.Ordinal);
        Assert.Contains("'c'", Assert.Throws<ArgumentException>(() => executor.Run(new Dictionary<string, Tensor> { ["a"] = a, ["b"] = a, ["c"] = a }, RunMode.Inference)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_KeepsUnknownValue_NamesTheNearest()
    {
        var e = Assert.Throws<TrainingException>(() => new GraphExecutor(Product(), new GraphExecutorOptions { Keep = ["midle"] }));
        Assert.Contains("'middle'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_FrozenStatistics_StayAsTheyAre(bool frozen)
    {
        OnnxModel model = new OperatorCase("BatchNormalization", 15).Input(4, 2).Weight(2).Weight(2).Constant([0.1f, 0.2f], 2).Constant([1.1f, 0.9f], 2).Build();
        using var executor = new GraphExecutor(model, new GraphExecutorOptions { FreezesStatistics = node => frozen && node.OpType == "BatchNormalization" });
        using Tensor input = Tensor.From<float>(OperatorCase.Values(8, 1), [4, 2]);
        using Tensor trained = executor.Run(input, training: true);
        bool isSame = executor.State[0].Value.ToArray<float>().SequenceEqual([0.1f, 0.2f]);
        Assert.Equal(frozen, isSame);
    }

    [Fact]
    public void Profile_AfterRuns_CountsEveryNode()
    {
        using var executor = new GraphExecutor(ZooCatalog.Build("mlp", new ZooOptions()), new GraphExecutorOptions { Profile = true });
        using Tensor input = Tensor.Zeros(DataType.Float32, [2, 1, 28, 28]);
        executor.Run(input, training: false).Dispose();
        executor.Run(input, training: true).Dispose();
        OperatorTime gemm = Assert.Single(executor.Profile, item => item.Operator == "Gemm");
        Assert.Equal(0, gemm.Calls % 2);
        Assert.True(gemm.Time > TimeSpan.Zero);
    }

    [Fact]
    public void Profile_AfterBackward_ChargesEachOperatorWithItsGradients()
    {
        using var executor = new GraphExecutor(ZooCatalog.Build("convnet", new ZooOptions { Dropout = 0.5f }), new GraphExecutorOptions { Profile = true });
        using Tensor input = Tensor.Zeros(DataType.Float32, [4, 1, 28, 28]);
        using Tensor logits = executor.Run(input, training: true);
        using Tensor loss = new Operator("aten::sum").Call(logits);
        executor.Backward(loss);
        Dictionary<string, TimeSpan> backward = executor.Profile.ToDictionary(item => item.Operator, item => item.Backward);
        Assert.All(new[] { "Conv", "MaxPool", "Relu", "Gemm", "Dropout", "(loss)", "(sums of gradients)" }, name => Assert.True(backward[name] > TimeSpan.Zero, name));
    }

    /// <summary>(a · b) · weight of twos.</summary>
    private static OnnxModel Product()
    {
        var graph = new OnnxGraph("g");
        Value a = graph.AddInput("a", ElementType.Float, TensorShape.Of(3));
        Value b = graph.AddInput("b", ElementType.Float, TensorShape.Of(3));
        Value weight = graph.AddInitializer("weight", OnnxTensor.From<float>([2, 2, 2], 3));
        Node first = graph.AddNode("Mul", [a, b], ["middle"]);
        Node second = graph.AddNode("Mul", [first.Outputs[0], weight], ["y"]);
        graph.AddOutput(second.Outputs[0]!);
        return new OnnxModel(graph);
    }
}
