using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Repair;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Tests;

public sealed class AdaRoundTests
{
    private static readonly IReadOnlyDictionary<string, OnnxTensor>[] Samples = [.. QuantizerFixtures.Batches(8)];

    [Fact]
    public void Run_FourBitWeights_BringsResultsCloserThanTheNearest()
    {
        OnnxModel model = QuantizerFixtures.Chain();
        var prepared = PreparedModel.Of(model);
        // Eight bits leave little to gain.
        var options = new QuantizationOptions { Target = QuantizationTarget.CpuX64 with { WeightSteps = 7 } };
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(options.Target), Samples);
        QuantizationOptions rounded = AdaRound.Run(prepared, statistics, options, Samples, threads: 1);
        Assert.Equal(["a", "b", "c", "d"], rounded.RoundedWeights.Keys.Order());
        var noise = new OutputNoise(model, [.. QuantizerFixtures.Batches(8, seed: 31)]);
        double nearest = noise.Decibels(StaticQuantizer.Build(prepared, statistics, options).Model);
        OnnxModel result = StaticQuantizer.Build(prepared, statistics, rounded).Model;
        double adaptive = noise.Decibels(result);
        Assert.True(adaptive > nearest + 1.5, $"{nearest:F1} became {adaptive:F1} dB");
        // Each weight goes up or down, not further.
        float[] weight = prepared.Model.Graph.Find("c/weight")!.Constant!.ToArray<float>();
        float[] steps = rounded.WeightScales["c"];
        Assert.All(rounded.RoundedWeights["c"].Select((whole, place) => Math.Abs(whole - (weight[place] / steps[place / (weight.Length / steps.Length)]))), off => Assert.True(off <= 1.001f));
        Assert.Contains(result.Graph.Initializers, value => value.Constant!.Type == ElementType.Int8 && value.Constant.AsSpan<sbyte>().SequenceEqual(rounded.RoundedWeights["c"]));
    }

    [Fact]
    public void Run_PerTensor_IsRefused()
    {
        var prepared = PreparedModel.Of(QuantizerFixtures.Chain());
        Assert.Contains("--per-tensor", Assert.Throws<QuantizationException>(() => AdaRound.Run(prepared, new Dictionary<string, TensorStatistics>(), new QuantizationOptions { PerChannel = false }, Samples)).Message, StringComparison.Ordinal);
    }
}
