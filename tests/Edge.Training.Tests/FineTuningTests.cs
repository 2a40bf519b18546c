using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Testing;
using Edge.Training.FineTuning;
using Edge.Zoo;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class FineTuningTests
{
    [Theory]
    [InlineData("convnet", "dense2/weight")]
    [InlineData("mlp", "dense2/weight")]
    public void Find_ZooClassifier_IsTheLastLayer(string name, string weight)
    {
        OnnxModel model = ZooCatalog.Build(name, new ZooOptions());
        ModelHead head = ModelHead.Find(model, name);
        Assert.Equal(10, head.Classes);
        Assert.Equal(weight, head.Weights[0]);
        Assert.Equal(2, head.Weights.Count);
    }

    [Fact]
    public void Replace_OtherClasses_RunsInOnnxRuntime()
    {
        OnnxModel model = ConvNet.Build(new ZooOptions());
        ModelHead.Find(model, "convnet").Replace(model, 4, seed: 2);
        ModelVerifier.ThrowIfInvalid(model, "convnet");
        Assert.Equal(4, ModelHead.Find(model, "convnet").Classes);
        Assert.Equal("[batch,4]", model.Graph.Outputs[0].Shape!.ToString());
        Assert.Equal([3, 4], Run(model, "input", [3, 1, 28, 28]).Dims);
    }

    [Fact]
    public void Replace_MatMulAddReshape_ChangesAllThreeAndLeavesSharedValues()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 6));
        Value weight = graph.AddInitializer("w", OnnxTensor.From<float>(new float[18], 6, 3));
        Value bias = graph.AddInitializer("b", OnnxTensor.From<float>(new float[3], 3));
        Value shape = graph.AddInitializer("s", OnnxTensor.From<long>([-1, 3], 2));
        Value product = graph.AddNode("MatMul", [x, weight], ["p"]).Outputs[0]!;
        Value sum = graph.AddNode("Add", [bias, product], ["a"]).Outputs[0]!;
        Value flat = graph.AddNode("Reshape", [sum, shape], ["r"]).Outputs[0]!;
        Value soft = graph.AddNode("Softmax", [flat], ["y"]).Outputs[0]!;
        graph.AddOutput(soft);
        Value other = graph.AddNode("Identity", [bias], ["other"]).Outputs[0]!;
        graph.AddOutput(other);
        var model = new OnnxModel(graph);
        ModelHead head = ModelHead.Find(model, "g");
        Assert.Equal(["w", "b"], head.Weights);
        head.Replace(model, 5, seed: 1);
        Assert.Equal([2, 5], Run(model, "x", [2, 6]).Dims);
        Assert.Equal(3, bias.Constant!.Length);
    }

    [Fact]
    public void Find_NoLinearLayer_SaysWhatStandsInTheWay()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 6));
        graph.AddOutput(graph.AddNode("Tanh", [x], ["y"], "last").Outputs[0]!);
        var e = Assert.Throws<TrainingException>(() => ModelHead.Find(new OnnxModel(graph), "g.onnx"));
        Assert.Contains("Tanh", e.Message, StringComparison.Ordinal);
        Assert.Contains("g.onnx", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeywordSpotter_NewHeadAndFreeBatch_TrainsAndRuns()
    {
        string path = SharedData.Path("models", "mlperf-tiny", "kws_ref_model.dequantized.onnx");
        OnnxModel model = OnnxModel.Load(path);
        Assert.True(FreeBatch.Apply(model));
        Assert.False(FreeBatch.Apply(model));
        ModelHead head = ModelHead.Find(model, path);
        Assert.Equal(12, head.Classes);
        head.Replace(model, 3, seed: 1);
        ModelVerifier.ThrowIfInvalid(model, path);
        Assert.Equal([5, 3], Run(model, "input", [5, 49, 10, 1]).Dims);
        HashSet<string> own = [.. ModelHead.Find(model, path).Weights];
        var data = new Data.MadeSounds(120);
        byte[] before = model.Graph.Initializers.First(value => !own.Contains(value.Name) && value.Constant!.Type == ElementType.Float).Constant!.Bytes.ToArray();
        using var trainer = new Trainer(model, data, new TrainerOptions { Epochs = 8, BatchSize = 16, ValidationFraction = 0, IsTrainable = own.Contains });
        TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss);
        Assert.Equal(before, model.Graph.Initializers.First(value => !own.Contains(value.Name) && value.Constant!.Type == ElementType.Float).Constant!.Bytes.ToArray());
    }

    private static OnnxTensor Run(OnnxModel model, string input, long[] dims)
    {
        using var session = new EngineSession(model);
        float[] values = new float[dims.Aggregate(1L, (product, size) => product * size)];
        return session.Run(new Dictionary<string, OnnxTensor> { [input] = OnnxTensor.From<float>(values, dims) })[0];
    }
}
