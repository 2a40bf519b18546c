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
    [InlineData(CalibrationMethod.Percentile)]
    public void Quantize_Net_StaysCloseToFloat(CalibrationMethod method)
    {
        OnnxModel model = QuantizerFixtures.Net();
        QuantizedModel result = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(16), new QuantizationOptions { Method = method });
        double sqnr = QuantizerFixtures.Sqnr(model, result.Model);
        Assert.True(sqnr > 25, $"{sqnr:F1} dB");
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
        QuantizedModel result = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(2), new QuantizationOptions { KeepFloat = new HashSet<string> { "conv1" } });
        Assert.Equal(KeyValuePair.Create("Conv node 'conv1'", "asked for"), Assert.Single(result.FloatNodes));
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
    public void Quantize_ConstantInput_GivesAUsableScale()
    {
        IReadOnlyDictionary<string, OnnxTensor>[] batches = [new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>(new float[3 * 16 * 16], 1, 3, 16, 16) }];
        OnnxModel result = StaticQuantizer.Quantize(QuantizerFixtures.Net(), batches, new QuantizationOptions()).Model;
        using var session = new EngineSession(result);
        Assert.All(session.Run(batches[0])[0].ToArray<float>(), value => Assert.True(float.IsFinite(value)));
    }
}
