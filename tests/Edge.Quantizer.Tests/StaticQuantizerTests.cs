using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;
using Edge.Testing;

namespace Edge.Quantizer.Tests;

public sealed class StaticQuantizerTests
{
    [Theory]
    [InlineData(CalibrationMethod.MinMax)]
    [InlineData(CalibrationMethod.MovingAverage)]
    [InlineData(CalibrationMethod.Percentile)]
    [InlineData(CalibrationMethod.Entropy)]
    [InlineData(CalibrationMethod.Mse)]
    public void Quantize_Net_StaysCloseToFloat(CalibrationMethod method)
    {
        OnnxModel model = QuantizerFixtures.Net();
        QuantizedModel result = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(16), new QuantizationOptions { Method = method });
        double sqnr = QuantizerFixtures.Sqnr(model, result.Model);
        // Divergence of distributions clips more than noise alone would.
        Assert.True(sqnr > (method == CalibrationMethod.Entropy ? 18 : 25), $"{sqnr:F1} dB");
        Assert.Empty(result.FloatNodes);
    }

    [Fact]
    public void Quantize_SevenBitWeights_CostsLessThanSixDecibels()
    {
        OnnxModel model = QuantizerFixtures.Net();
        double eight = QuantizerFixtures.Sqnr(model, StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(16), new QuantizationOptions()).Model);
        double seven = QuantizerFixtures.Sqnr(model, StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(16), new QuantizationOptions { Target = QuantizationTarget.CpuX64WithoutVnni }).Model);
        Assert.InRange(seven, eight - 8, eight + 1);
    }

    [Fact]
    public void Quantize_Net_EngineRunsItOnIntegerKernelsThroughout()
    {
        using var folder = new TemporaryFolder();
        QuantizedModel result = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(4), new QuantizationOptions());
        using (new EngineSession(result.Model, new EngineOptions { OptimizedModelPath = folder["optimized.onnx"] }))
        {
        }
        string[] operators = [.. OnnxModel.Load(folder["optimized.onnx"]).Graph.Nodes.Select(node => node.OpType)];
        Assert.Equal(2, operators.Count(name => name == "QLinearConv"));
        Assert.Contains("QLinearAdd", operators);
        Assert.Contains("QLinearGlobalAveragePool", operators);
        Assert.Contains("QGemm", operators);
        Assert.DoesNotContain("Conv", operators);
        Assert.DoesNotContain("Gemm", operators);
        Assert.DoesNotContain("Relu", operators);
        Assert.Single(operators, name => name == "QuantizeLinear");
    }

    [Fact]
    public void Quantize_Net_KeepsNamesOfInputsAndOutputs()
    {
        OnnxModel result = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(2), new QuantizationOptions()).Model;
        Assert.Equal(["x"], result.Graph.Inputs.Select(value => value.Name));
        Assert.Equal(["logits"], result.Graph.Outputs.Select(value => value.Name));
    }

    [Fact]
    public void Quantize_ConvAsOutput_GivesFloatUnderTheSameName()
    {
        OnnxModel model = QuantizerFixtures.Net();
        model.Graph.AddOutput(model.Graph.Find("relu1")!);
        OnnxModel result = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(2), new QuantizationOptions()).Model;
        Assert.Equal(["logits", "relu1"], result.Graph.Outputs.Select(value => value.Name));
        Assert.Equal("DequantizeLinear", result.Graph.Outputs[1].Producer!.OpType);
        Assert.True(QuantizerFixtures.Sqnr(model, result) > 25);
    }

    [Fact]
    public void Quantize_DeadChannelWithLargeBias_KeepsTheBias()
    {
        OnnxModel model = QuantizerFixtures.Net();
        OnnxGraph graph = model.Graph;
        float[] weight = graph.Find("conv2/weight")!.Constant!.ToArray<float>();
        weight.AsSpan(0, 16 * 9).Clear();
        graph.SetConstant(graph.Find("conv2/weight")!, OnnxTensor.From<float>(weight, 16, 16, 3, 3));
        float[] bias = graph.Find("conv2/bias")!.Constant!.ToArray<float>();
        bias[0] = 4;
        graph.SetConstant(graph.Find("conv2/bias")!, OnnxTensor.From<float>(bias, 16));
        OnnxModel result = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(8), new QuantizationOptions()).Model;
        Assert.True(QuantizerFixtures.Sqnr(model, result) > 25);
    }

    [Fact]
    public void Quantize_KeepFloat_LeavesTheNodeAndSaysWhy()
    {
        QuantizedModel result = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(2), new QuantizationOptions { KeepFloat = new Dictionary<string, string> { ["conv1"] = "asked for" } });
        Assert.Equal(new FloatNode("conv1", "Conv node 'conv1'", "asked for"), result.FloatNodes[0]);
        Assert.Equal("conv1/weight", result.Model.Graph.Find("conv1")!.Producer!.Inputs[1]!.Name);
    }

    [Fact]
    public void Quantize_SameInput_GivesTheSameBytes()
    {
        byte[] one = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(4), new QuantizationOptions()).Model.ToBytes();
        byte[] two = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(4), new QuantizationOptions()).Model.ToBytes();
        Assert.Equal(one, two);
    }

    [Fact]
    public void Quantize_QuantizedModel_IsRefused()
    {
        OnnxModel once = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(2), new QuantizationOptions()).Model;
        QuantizationException e = Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(once, QuantizerFixtures.Batches(2), new QuantizationOptions()));
        Assert.StartsWith("the model is quantized already", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_NoBatch_IsRefused() =>
        Assert.Contains("empty", Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(QuantizerFixtures.Net(), [], new QuantizationOptions())).Message, StringComparison.Ordinal);

    [Fact]
    public void Quantize_NanInCalibration_NamesTheTensor()
    {
        float[] data = new float[3 * 16 * 16];
        data[100] = float.NaN;
        IReadOnlyDictionary<string, OnnxTensor>[] batches = [new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>(data, 1, 3, 16, 16) }];
        Assert.Contains("holds NaN on the calibration data", Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(QuantizerFixtures.Net(), batches, new QuantizationOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_InfiniteWeight_NamesIt()
    {
        OnnxModel model = QuantizerFixtures.Net();
        float[] weight = model.Graph.Find("fc/weight")!.Constant!.ToArray<float>();
        weight[3] = float.PositiveInfinity;
        model.Graph.SetConstant(model.Graph.Find("fc/weight")!, OnnxTensor.From<float>(weight, 10, 16));
        Assert.Contains("'fc/weight'", Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(2), new QuantizationOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_ConstantInput_IsRefused()
    {
        IReadOnlyDictionary<string, OnnxTensor>[] batches = [new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>(new float[3 * 16 * 16], 1, 3, 16, 16) }];
        Assert.Equal(
            "input 'x' is 0 throughout the calibration set; calibrate with samples as the model will see them",
            Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(QuantizerFixtures.Net(), batches, new QuantizationOptions())).Message);
    }

    [Fact]
    public void Quantize_DeadLayer_GivesAUsableScaleAndAWarning()
    {
        OnnxModel model = QuantizerFixtures.Net();
        model.Graph.SetConstant(model.Graph.Find("conv1/bias")!, OnnxTensor.From<float>([.. Enumerable.Repeat(-100f, 16)], 16));
        QuantizedModel result = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(2), new QuantizationOptions());
        Assert.Contains("'relu1' is 0 throughout", Assert.Single(result.Warnings, line => line.Contains("relu1", StringComparison.Ordinal)), StringComparison.Ordinal);
        using var session = new EngineSession(result.Model);
        Assert.All(session.Run(QuantizerFixtures.Batches(1).First())[0].ToArray<float>(), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData("cpu-x64", 25)]
    [InlineData("cpu-arm64", 25)]
    [InlineData("tensorrt", 22)]
    [InlineData("generic", 25)]
    public void Quantize_EveryTarget_StaysCloseToFloat(string target, double least)
    {
        OnnxModel model = QuantizerFixtures.Net();
        OnnxModel result = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(8), new QuantizationOptions { Target = QuantizationTarget.Find(target) }).Model;
        double sqnr = QuantizerFixtures.Sqnr(model, result);
        Assert.True(sqnr > least, $"{sqnr:F1} dB");
    }

    [Fact]
    public void Quantize_TensorRT_IsSignedSymmetricWithFloatBias()
    {
        OnnxGraph graph = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(2), new QuantizationOptions { Target = QuantizationTarget.Find("tensorrt") }).Model.Graph;
        foreach (Node node in graph.Nodes.Where(node => node.OpType == "QuantizeLinear"))
        {
            Assert.Equal((sbyte)0, node.Inputs[2]!.Constant!.ToArray<sbyte>()[0]);
        }
        Assert.All(graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm"), node => Assert.Equal(ElementType.Float, node.Inputs[2]!.Constant!.Type));
    }

    [Fact]
    public void Quantize_SixteenBitActivations_AreCloserThanEight()
    {
        OnnxModel model = QuantizerFixtures.Net();
        double eight = QuantizerFixtures.Sqnr(model, StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(8), new QuantizationOptions { Target = QuantizationTarget.Find("tensorrt") }).Model);
        double sixteen = QuantizerFixtures.Sqnr(model, StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(8), new QuantizationOptions { Target = QuantizationTarget.Find("tensorrt"), Activations = QuantizedType.Int16 }).Model);
        Assert.True(sixteen > eight + 0.5, $"{eight:F1} and {sixteen:F1} dB");
    }

    [Fact]
    public void Quantize_ScalesThroughConcatAndPool_AreOne()
    {
        var random = new Random(4);
        var graph = new OnnxGraph("net");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3, 16, 16));
        Value one = QuantizerFixtures.Conv(graph, random, x, "one", 3, 4);
        Value two = QuantizerFixtures.Conv(graph, random, x, "two", 3, 4);
        Node concat = graph.AddNode("Concat", [one, two], ["both"], "concat");
        concat.Attributes.Set("axis", 1);
        Value last = QuantizerFixtures.Conv(graph, random, concat.Outputs[0]!, "last", 8, 4);
        graph.AddOutput(last);
        OnnxGraph result = StaticQuantizer.Quantize(new OnnxModel(graph), QuantizerFixtures.Batches(2, images: 1), new QuantizationOptions()).Model.Graph;
        string[] scales = [.. new[] { "one", "two", "both" }.Select(name => result.Find(name)!.Uses.First().Node.Inputs[1]!.Name)];
        Assert.Single(scales.Distinct());
    }

    [Fact]
    public void Quantize_BoxDecoding_StaysFloatWithoutBeingTold()
    {
        var random = new Random(4);
        var graph = new OnnxGraph("detector");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3, 16, 16));
        Value features = QuantizerFixtures.Conv(graph, random, x, "features", 3, 16);
        Value box = QuantizerFixtures.Conv(graph, random, features, "box", 16, 4);
        Value score = QuantizerFixtures.Conv(graph, random, features, "score", 16, 4);
        Value size = graph.AddNode("Exp", [box], ["size"], "exp").Outputs[0]!;
        Value probability = graph.AddNode("Sigmoid", [score], ["probability"], "sigmoid").Outputs[0]!;
        Value product = graph.AddNode("Mul", [size, probability], ["product"], "product").Outputs[0]!;
        graph.AddOutput(product);
        QuantizedModel result = StaticQuantizer.Quantize(new OnnxModel(graph), QuantizerFixtures.Batches(2, images: 1), new QuantizationOptions());
        Assert.Equal(["exp", "product", "sigmoid"], result.FloatNodes.Select(node => node.Name).Order());
        Assert.Equal(["box", "features", "score"], result.QuantizedNames.Order());
    }

    [Fact]
    public void Quantize_UnknownNodeToKeepFloat_IsRefused() =>
        Assert.Contains("'conv9'", Assert.Throws<QuantizationException>(() => StaticQuantizer.Quantize(
            QuantizerFixtures.Net(), QuantizerFixtures.Batches(1), new QuantizationOptions { KeepFloat = new Dictionary<string, string> { ["conv9"] = "asked for" } })).Message, StringComparison.Ordinal);
}
