using Edge.Graph;
using Edge.Quantizer.Schemes;

namespace Edge.Quantizer.Tests;

public sealed class SchemeTests
{
    [Theory]
    [InlineData(4, 16, 8)]
    [InlineData(4, 32, 7)]
    [InlineData(8, 32, 35)]
    public void Blockwise_TextNet_StaysClose(int bits, int block, double least)
    {
        OnnxModel model = Text();
        QuantizedModel result = BlockwiseWeights.Run(PreparedModel.Of(model), bits, block);
        Assert.Contains(result.Model.Graph.Nodes, node => node.OpType == "MatMulNBits");
        Assert.True(Sqnr(model, result.Model) > least, $"{Sqnr(model, result.Model):F1} dB");
        Assert.True(result.Model.ToBytes().Length < 0.4 * model.ToBytes().Length);
    }

    [Fact]
    public void Dynamic_TextNet_StaysCloseOnIntegerKernels()
    {
        OnnxModel model = Text();
        QuantizedModel result = DynamicQuantizer.Run(PreparedModel.Of(model));
        Assert.Contains(result.Model.Graph.Nodes, node => node.OpType == "DynamicQuantizeLSTM");
        Assert.Contains(result.Model.Graph.Nodes, node => node.OpType == "MatMulInteger");
        Assert.True(Sqnr(model, result.Model) > 25, $"{Sqnr(model, result.Model):F1} dB");
        Assert.True(result.Model.ToBytes().Length < 0.4 * model.ToBytes().Length);
    }

    [Fact]
    public void BFloat16_Net_HalvesTheBytesAndStaysClose()
    {
        OnnxModel model = Text();
        QuantizedModel result = BFloat16Weights.Run(PreparedModel.Of(model));
        Assert.InRange((double)result.Model.ToBytes().Length / model.ToBytes().Length, 0.45, 0.6);
        Assert.True(Sqnr(model, result.Model) > 35, $"{Sqnr(model, result.Model):F1} dB");
    }

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2f, 0xC000)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    public void Round_BFloat16_IsToNearestEven(float value, int bits) => Assert.Equal(bits, BFloat16Weights.Round([value])[0]);

    [Fact]
    public void Pack_FourBits_RestoresWithinHalfAStep()
    {
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, 40 * 3).Select(_ => random.NextSingle() - 0.5f)];
        (byte[] packed, float[] scales) = BlockwiseWeights.Pack(values, 40, 3, 4, 16);
        for (int column = 0; column < 3; column++)
        {
            for (int row = 0; row < 40; row++)
            {
                int block = (column * 3) + (row / 16);
                int whole = (packed[(block * 8) + (row % 16 / 2)] >> (row % 2 * 4)) & 15;
                float restored = (whole - 8) * scales[block];
                // The side opposite to the extreme is one step shorter.
                Assert.True(Math.Abs(restored - values[(row * 3) + column]) <= Math.Abs(scales[block]) * 1.001f);
            }
        }
    }

    [Fact]
    public void Dynamic_NetWithoutMatrices_IsRefusedInOneLine()
    {
        var graph = new OnnxGraph("relu");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3));
        graph.AddOutput(graph.AddNode("Relu", [x], ["y"], "relu").Outputs[0]!);
        Assert.Contains("--scheme static", Assert.Throws<QuantizationException>(() => DynamicQuantizer.Run(PreparedModel.Of(new OnnxModel(graph)))).Message, StringComparison.Ordinal);
        Assert.Contains("--scheme static", Assert.Throws<QuantizationException>(() => BlockwiseWeights.Run(PreparedModel.Of(new OnnxModel(graph)), 4)).Message, StringComparison.Ordinal);
    }

    // Embedding → LSTM → Gemm, as text classifiers are.
    private static OnnxModel Text()
    {
        var random = new Random(3);
        var graph = new OnnxGraph("text");
        Value tokens = graph.AddInput("tokens", ElementType.Int64, TensorShape.Of(12, 1));
        Value embedded = graph.AddNode("Gather", [graph.AddInitializer("table", QuantizerFixtures.Random(random, 1, 200, 32)), tokens], ["embedded"], "embedding").Outputs[0]!;
        Node lstm = graph.AddNode("LSTM", [embedded, graph.AddInitializer("w", QuantizerFixtures.Random(random, 0.4f, 1, 128, 32)), graph.AddInitializer("r", QuantizerFixtures.Random(random, 0.4f, 1, 128, 32)), graph.AddInitializer("b", QuantizerFixtures.Random(random, 0.1f, 1, 256))], ["", "last"], "lstm");
        lstm.Attributes.Set("hidden_size", 32);
        Value flat = graph.AddNode("Squeeze", [lstm.Outputs[1], graph.AddInitializer("axes", OnnxTensor.From<long>([0L], 1))], ["flat"], "squeeze").Outputs[0]!;
        Node gemm = graph.AddNode("Gemm", [flat, graph.AddInitializer("fc", QuantizerFixtures.Random(random, 0.5f, 100, 32)), graph.AddInitializer("fc/bias", QuantizerFixtures.Random(random, 0.1f, 100))], ["logits"], "fc");
        gemm.Attributes.Set("transB", 1);
        gemm.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(1, 100));
        graph.AddOutput(gemm.Outputs[0]!);
        return new OnnxModel(graph);
    }

    private static double Sqnr(OnnxModel expected, OnnxModel actual)
    {
        var random = new Random(5);
        var noise = new Analysis.OutputNoise(expected, [.. Enumerable.Range(0, 8).Select(_ => new Dictionary<string, OnnxTensor> { ["tokens"] = OnnxTensor.From<long>([.. Enumerable.Range(0, 12).Select(_ => (long)random.Next(200))], 12, 1) })]);
        return noise.Decibels(actual);
    }
}
