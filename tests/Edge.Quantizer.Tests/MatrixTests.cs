using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Passes;
using Edge.Quantizer.Repair;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Tests;

/// <summary>Nets of matrix products: attention, normalizations with channels of very different sizes; and what only some targets take.</summary>
public sealed class MatrixTests
{
    private const int Width = 32;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SmoothQuant_ChannelsFarApart_KeepsTheFunctionAndSavesInt8(bool isOneNode)
    {
        OnnxModel model = Block(isOneNode);
        IReadOnlyDictionary<string, OnnxTensor>[] samples = [.. Samples(6, 1)];
        var prepared = PreparedModel.Of(model);
        var noise = new OutputNoise(model, [.. Samples(6, 2)]);
        double before = noise.Decibels(StaticQuantizer.Quantize(model, samples, new QuantizationOptions()).Model);
        Assert.Equal(1, SmoothQuant.Run(prepared, samples));
        Assert.True(noise.Decibels(prepared.Model) > 80);
        double after = noise.Decibels(StaticQuantizer.Quantize(prepared.Model, samples, new QuantizationOptions()).Model);
        Assert.True(after > before + 3, $"{before:F1} became {after:F1} dB");
    }

    [Fact]
    public void Quantize_ProductOfActivations_RunsOnWholeNumbers()
    {
        OnnxModel model = Block(isOneNode: true);
        QuantizedModel quantized = StaticQuantizer.Quantize(model, Samples(6, 1), new QuantizationOptions());
        Assert.Contains("attend", quantized.QuantizedNames);
        EngineKernels kernels = EngineKernels.Of(quantized.Model);
        Assert.Empty(kernels.FloatLayers);
        Assert.True(kernels.Integer.Where(pair => pair.Key.Contains("MatMul", StringComparison.Ordinal)).Sum(pair => pair.Value) >= 4, string.Join(", ", kernels.Integer));
        Assert.True(TorchAgreement.Measure(quantized.Model, Samples(1, 3).First()).MaxSteps < 4);
    }

    [Fact]
    public void Quantize_TransposedConvolution_IsForTensorRTOnly()
    {
        var random = new Random(4);
        var graph = new OnnxGraph("up");
        Value x = QuantizerFixtures.Conv(graph, random, graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3, 16, 16)), "first", 3, 8);
        Node up = graph.AddNode("ConvTranspose", [x, graph.AddInitializer("up/weight", QuantizerFixtures.Random(random, 0.3f, 8, 6, 2, 2)), graph.AddInitializer("up/bias", QuantizerFixtures.Random(random, 0.1f, 6))], ["up"], "up");
        up.Attributes.Set("strides", [2, 2]);
        graph.AddOutput(QuantizerFixtures.Conv(graph, random, up.Outputs[0]!, "last", 6, 4));
        var model = new OnnxModel(graph);
        QuantizedModel tensorRT = StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(4, images: 1), new QuantizationOptions { Target = QuantizationTarget.Find("tensorrt") });
        Assert.Equal(["first", "last", "up"], tensorRT.QuantizedNames.Order());
        Node weight = tensorRT.Model.Graph.Nodes.First(node => node.Name == "up").Inputs[1]!.Producer!;
        Assert.Equal((1, 6), (weight.Attributes.GetInt("axis", -1), weight.Inputs[1]!.Constant!.Length));
        Assert.True(new OutputNoise(model, [.. QuantizerFixtures.Batches(4, images: 1)]).Decibels(tensorRT.Model) > 25);
        FloatNode kept = Assert.Single(StaticQuantizer.Quantize(model, QuantizerFixtures.Batches(4, images: 1), new QuantizationOptions()).FloatNodes, node => node.Name == "up");
        Assert.Equal("cpu-x64 has no integer kernel for ConvTranspose", kept.Reason);
    }

    [Fact]
    public void FoldInput_QuantizedNet_GivesTheSameForTheElements()
    {
        OnnxModel quantized = StaticQuantizer.Quantize(QuantizerFixtures.Net(), QuantizerFixtures.Batches(4), new QuantizationOptions()).Model;
        OnnxModel folded = quantized.Copy();
        AffineParameters map = FoldInput.Run(folded, "x")!.Value;
        Assert.Equal(ElementType.UInt8, folded.Graph.Inputs[0].ElementType);
        OnnxTensor values = QuantizerFixtures.Batches(1, seed: 41).First()["x"];
        byte[] elements = Array.ConvertAll(values.ToArray<float>(), value => (byte)Math.Clamp(MathF.Round(value / map.Scale) + map.ZeroPoint, 0, 255));
        using var one = new EngineSession(quantized);
        using var other = new EngineSession(folded);
        Assert.Equal(
            one.Run(new Dictionary<string, OnnxTensor> { ["x"] = values })[0].ToArray<float>(),
            other.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<byte>(elements, values.Dims) })[0].ToArray<float>());
        Assert.Null(FoldInput.Run(QuantizerFixtures.Net(), "x"));
    }

    // Normalization → keys and values → their product with what was read → a last matrix.
    private static OnnxModel Block(bool isOneNode)
    {
        var random = new Random(7);
        var graph = new OnnxGraph("block");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 12, Width));
        // One channel in eight is fifty times as large.
        OnnxTensor sizes = OnnxTensor.From<float>([.. Enumerable.Range(0, Width).Select(place => place % 8 == 3 ? 50f : 1f)], Width);
        Value factor = graph.AddInitializer("factor", sizes);
        Value shift = graph.AddInitializer("shift", QuantizerFixtures.Random(random, 0.2f, Width));
        Value normal = isOneNode
            ? graph.AddNode("LayerNormalization", [x, factor, shift], ["normal"], "normal").Outputs[0]!
            : graph.AddNode("Add", [graph.AddNode("Mul", [graph.AddNode("Tanh", [x], ["bent"], "bend").Outputs[0], factor], ["scaled"], "scale").Outputs[0], shift], ["normal"], "shift").Outputs[0]!;
        Value keys = Product(graph, random, normal, "keys");
        Value values = Product(graph, random, normal, "values");
        Node turned = graph.AddNode("Transpose", [keys], ["turned"], "turn");
        turned.Attributes.Set("perm", [0L, 2, 1]);
        Value attended = graph.AddNode("MatMul", [values, turned.Outputs[0]], ["attended"], "attend").Outputs[0]!;
        Value last = graph.AddNode("MatMul", [attended, graph.AddInitializer("last/weight", QuantizerFixtures.Random(random, 0.3f, 12, 8))], ["y"], "last").Outputs[0]!;
        last.Type = new TensorType(ElementType.Float, TensorShape.Of(1, 12, 8));
        graph.AddOutput(last);
        return new OnnxModel(graph);
    }

    private static Value Product(OnnxGraph graph, Random random, Value x, string name)
    {
        // What is multiplied with the large channels is small, as training leaves it.
        float[] weight = QuantizerFixtures.Random(random, 0.3f, Width, Width).ToArray<float>();
        for (int place = 0; place < weight.Length; place++)
        {
            weight[place] /= place / Width % 8 == 3 ? 50 : 1;
        }
        return graph.AddNode("MatMul", [x, graph.AddInitializer(name + "/weight", OnnxTensor.From<float>(weight, Width, Width))], [name], name).Outputs[0]!;
    }

    private static IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Samples(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => new Dictionary<string, OnnxTensor> { ["x"] = QuantizerFixtures.Random(random, 2, 1, 12, Width) }).ToArray();
    }
}
