using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Tests;

/// <summary>What depends on the sizes of the inputs only is computed once for each size.</summary>
[Collection(nameof(TorchCollection))]
public sealed class ShapeCacheTests
{
    [Fact]
    public void Run_SameAndOtherSizes_ComputesShapesOncePerSize()
    {
        using var executor = new GraphExecutor(Halves(), new GraphExecutorOptions { Profile = true });
        long before = Libtorch.LiveTensors;
        foreach (int rows in new[] { 2, 2, 2, 5, 5, 2 })
        {
            float[] values = OperatorCase.Values(rows * 4, rows);
            using Tensor x = Tensor.From<float>(values, [rows, 4]);
            using Tensor y = executor.Run(x, training: true);
            Assert.Equal([rows, 2, 2], y.Shape);
            Assert.Equal(Array.ConvertAll(values, value => value * 3), y.ToArray<float>());
        }
        Assert.Equal(3, Assert.Single(executor.Profile, item => item.Operator == "Shape").Calls);
        Assert.Equal(3, Assert.Single(executor.Profile, item => item.Operator == "Concat").Calls);
        Assert.Equal(6, Assert.Single(executor.Profile, item => item.Operator == "Reshape").Calls);
        // The gathered number of rows and the wanted shape stay, beside the shape that both come from.
        Assert.InRange(Libtorch.LiveTensors - before, 1, 3);
    }

    [Fact]
    public void Run_SizesThatDependOnContent_AreComputedEachTime()
    {
        // As many ones as there are elements that are not zero.
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of(4));
        Node places = graph.AddNode("NonZero", [input], ["places"]);
        Node shape = graph.AddNode("Shape", [places.Outputs[0]], ["shape"]);
        Node ones = graph.AddNode("ConstantOfShape", [shape.Outputs[0]], ["ones"]);
        graph.AddOutput(ones.Outputs[0]!);
        using var executor = new GraphExecutor(new OnnxModel(graph));
        foreach (float[] values in new float[][] { [1, 0, 0, 2], [1, 1, 1, 0], [0, 0, 0, 0] })
        {
            using Tensor x = Tensor.From<float>(values, [4]);
            using Tensor y = executor.Run(x, training: false);
            Assert.Equal([1, values.Count(value => value != 0)], y.Shape);
        }
    }

    [Fact]
    public void Run_AfterAFailure_ComputesShapesAgain()
    {
        using var executor = new GraphExecutor(Halves());
        using Tensor odd = Tensor.From<float>([1, 2, 3], [1, 3]);
        Assert.Throws<TrainingException>(() => executor.Run(odd, training: false));
        Assert.Throws<TrainingException>(() => executor.Run(odd, training: false));
        using Tensor even = Tensor.From<float>([1, 2, 3, 4], [1, 4]);
        using Tensor y = executor.Run(even, training: false);
        Assert.Equal([3f, 6, 9, 12], y.ToArray<float>());
    }

    /// <summary>[N,4] · 3 as [N,2,2], with N read from the input's shape.</summary>
    private static OnnxModel Halves()
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", "m"));
        Node shape = graph.AddNode("Shape", [input], ["shape"]);
        Node rows = graph.AddNode("Gather", [shape.Outputs[0], graph.AddInitializer("first", OnnxTensor.From<long>([0], 1))], ["rows"]);
        Node wanted = graph.AddNode("Concat", [rows.Outputs[0], graph.AddInitializer("rest", OnnxTensor.From<long>([2, 2], 2))], ["wanted"]);
        wanted.Attributes.Set("axis", 0L);
        Node scaled = graph.AddNode("Mul", [input, graph.AddInitializer("three", OnnxTensor.From<float>([3], 1))], ["scaled"]);
        Node y = graph.AddNode("Reshape", [scaled.Outputs[0], wanted.Outputs[0]], ["y"]);
        graph.AddOutput(y.Outputs[0]!);
        return new OnnxModel(graph);
    }
}
