using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Torch;
using Edge.Training.Ops;
using Edge.Zoo;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class GraphExecutorTests
{
    [Theory]
    [InlineData("convnet")]
    [InlineData("mlp")]
    public void Run_ZooModel_EqualsOnnxRuntime(string name)
    {
        OnnxModel model = ZooCatalog.Build(name, new ZooOptions { Dropout = 0.5f });
        ModelVerifier.ThrowIfInvalid(model, name);
        float[] pixels = OperatorCase.Values(3 * 28 * 28, 1);
        using var session = new EngineSession(OnnxModel.Parse(model.ToBytes()));
        float[] expected = session.Run(new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.From<float>(pixels, 3, 1, 28, 28) })[0].ToArray<float>();
        using var executor = new GraphExecutor(model);
        using Tensor input = Tensor.From<float>(pixels, [3, 1, 28, 28]);
        using Tensor output = executor.Run(input, training: false);
        Assert.Equal([3, 10], output.Shape);
        float[] actual = output.ToArray<float>();
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-5f);
        }
        executor.WriteBack();
        Assert.False(output.RequiresGrad);
    }

    [Fact]
    public void Run_ReluBeforePool_HasTheGradientsOfTheGraphAsWritten()
    {
        // A Mul with one between Relu and pool changes nothing but keeps the engine from swapping the two.
        float[] swapped = GradientOfFilter(isApart: false);
        float[] written = GradientOfFilter(isApart: true);
        Assert.Equal(written.Length, swapped.Length);
        for (int i = 0; i < written.Length; i++)
        {
            Assert.Equal(written[i], swapped[i], 1e-5f);
        }
    }

    [Fact]
    public void Parameters_SettingsAndStatistics_AreNotAmongThem()
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 2));
        Value half = graph.AddInitializer("half", OnnxTensor.Scalar(0.5f));
        Value gain = graph.AddInitializer("gain", OnnxTensor.From<float>([1, 2], 2));
        Value limit = graph.AddInitializer("limit", OnnxTensor.Scalar(3f));
        Node halved = graph.AddNode("Mul", [input, half], ["a"]);
        Node scaled = graph.AddNode("Mul", [halved.Outputs[0], gain], ["b"]);
        Node clipped = graph.AddNode("Clip", [scaled.Outputs[0], null, limit], ["c"]);
        Value[] channel =
        [
            .. new[] { "scale", "bias", "mean", "variance" }.Select(name => graph.AddInitializer(name, OnnxTensor.From<float>([1, 1], 2))),
        ];
        Node normal = graph.AddNode("BatchNormalization", [clipped.Outputs[0], .. channel], ["y"]);
        graph.AddOutput(normal.Outputs[0]!);
        using var executor = new GraphExecutor(new OnnxModel(graph));
        Assert.Equal(["gain", "scale", "bias"], executor.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["mean", "variance"], executor.State.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Run_ShapesDoNotFit_NamesTheNodeAndLeaksNothing()
    {
        OnnxModel model = ZooCatalog.Build("mlp", new ZooOptions());
        using var executor = new GraphExecutor(model);
        using Tensor input = Tensor.Zeros(DataType.Float32, [1, 1, 5, 5]);
        long before = Libtorch.LiveTensors;
        var e = Assert.Throws<TrainingException>(() => executor.Run(input, training: true));
        Assert.Contains("'dense1'", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    [Fact]
    public void Constructor_UnknownOperator_NamesNodeOperatorAndVersion()
    {
        var e = Assert.Throws<UnsupportedOperatorException>(() => new GraphExecutor(new OperatorCase("Frobnicate", 17).Input(1).Build()));
        Assert.Contains("'the node'", e.Message, StringComparison.Ordinal);
        Assert.Contains("Frobnicate", e.Message, StringComparison.Ordinal);
        Assert.Contains("opset 17", e.Message, StringComparison.Ordinal);
        Assert.Equal("Frobnicate", e.OperatorName);
    }

    [Theory]
    [InlineData("Add", 6)]
    [InlineData("Relu", 99)]
    [InlineData("Upsample", 11)]
    public void Constructor_UnlistedVersion_IsRefused(string op, int opset)
    {
        var e = Assert.Throws<UnsupportedOperatorException>(() => new GraphExecutor(new OperatorCase(op, opset).Input(1).Input(1).Build()));
        Assert.Equal(opset, e.Opset);
    }

    [Theory]
    [InlineData("MaxPool", "auto_pad")]
    [InlineData("MaxPool", "pads")]
    public void Constructor_UnknownAttributeValue_IsRefused(string op, string attribute)
    {
        OnnxModel model = new OperatorCase(op, 19, attributes =>
        {
            attributes.Set("kernel_shape", [2L, 2]);
            switch (attribute)
            {
                case "auto_pad": attributes.Set("auto_pad", "SAME"); break;
                default: attributes.Set("pads", [1L]); break;
            }
        }).Input(1, 1, 4, 4).Build();
        var e = Assert.Throws<UnsupportedOperatorException>(() =>
        {
            using var executor = new GraphExecutor(model);
            using Tensor input = Tensor.Zeros(DataType.Float32, [1, 1, 4, 4]);
            executor.Run(input, training: false).Dispose();
        });
        Assert.Contains("the node", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_VersionThatChangedTheOperatorAndIsNotListed_IsRefused()
    {
        var table = new OperatorTable();
        table.Add("Softmax", 11, _ => static _ => { });
        Node node = new OperatorCase("Softmax", 13).Input(2, 2).Build().Graph.Nodes.First!;
        Assert.Equal(11, table.Find(node, 12).Since);
        Assert.Contains("13", Assert.Throws<UnsupportedOperatorException>(() => table.Find(node, 17)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_SameVersionTwice_Throws()
    {
        var table = new OperatorTable();
        table.Add("Same", 3, _ => static _ => { });
        Assert.Throws<ArgumentException>(() => table.Add("Same", 3, _ => static _ => { }));
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, 3)]
    [InlineData(6, 3)]
    [InlineData(7, 7)]
    [InlineData(23, 7)]
    public void Find_Opset_TakesTheHighestVersionNotAbove(int opset, int? since)
    {
        var table = new OperatorTable();
        table.Add("Same", [7, 3], _ => static _ => { });
        Node node = new OperatorCase("Same", opset).Input(1).Build().Graph.Nodes.First!;
        if (since is null)
        {
            Assert.Throws<UnsupportedOperatorException>(() => table.Find(node, opset));
        }
        else
        {
            Assert.Equal(since, table.Find(node, opset).Since);
        }
    }

    [Fact]
    public void Run_Dropout_DropsOnlyWhileTraining()
    {
        OnnxModel model = new OperatorCase("Dropout", 13).Input(1000).Constant([0.25f]).Build();
        using var executor = new GraphExecutor(model);
        float[] ones = new float[1000];
        Array.Fill(ones, 1f);
        using Tensor input = Tensor.From<float>(ones, [1000]);
        Libtorch.Seed(1);
        using Tensor trained = executor.Run(input, training: true);
        using Tensor inferred = executor.Run(input, training: false);
        Assert.InRange(trained.ToArray<float>().Count(value => value == 0), 180, 320);
        Assert.All(trained.ToArray<float>(), value => Assert.True(value == 0 || Math.Abs(value - (1 / 0.75f)) < 1e-6));
        Assert.Equal(ones, inferred.ToArray<float>());
    }

    [Fact]
    public void Run_Constant_IsItsValue()
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n"));
        Node constant = graph.AddNode("Constant", [], ["two"]);
        constant.Attributes.Set("value_float", 2f);
        Node product = graph.AddNode("Mul", [input, constant.Outputs[0]], ["y"]);
        graph.AddOutput(product.Outputs[0]!);
        using var executor = new GraphExecutor(new OnnxModel(graph));
        using Tensor x = Tensor.From<float>([1, 2, 3], [3]);
        using Tensor y = executor.Run(x, training: false);
        Assert.Equal([2f, 4, 6], y.ToArray<float>());
    }

    private static float[] GradientOfFilter(bool isApart)
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of(2, 3, 8, 8));
        Value filter = graph.AddInitializer("filter", OnnxTensor.From<float>(OperatorCase.Values(4 * 3 * 9, 2), 4, 3, 3, 3));
        Node conv = graph.AddNode("Conv", [input, filter], ["a"]);
        Node relu = graph.AddNode("Relu", [conv.Outputs[0]], ["b"]);
        Value last = relu.Outputs[0]!;
        if (isApart)
        {
            last = graph.AddNode("Mul", [last, graph.AddInitializer("one", OnnxTensor.Scalar(1f))], ["c"]).Outputs[0]!;
        }
        Node pool = graph.AddNode("MaxPool", [last], ["y"]);
        pool.Attributes.Set("kernel_shape", [2L, 2]);
        pool.Attributes.Set("strides", [2L, 2]);
        graph.AddOutput(pool.Outputs[0]!);
        using var executor = new GraphExecutor(new OnnxModel(graph));
        using Tensor x = Tensor.From<float>(OperatorCase.Values(2 * 3 * 64, 3), [2, 3, 8, 8]);
        using Tensor y = executor.Run(x, training: true);
        using Tensor sum = new Operator("aten::sum").Call(y);
        sum.Backward();
        using Tensor gradient = executor.Parameters[0].Value.Gradient()!;
        return gradient.ToArray<float>();
    }
}
