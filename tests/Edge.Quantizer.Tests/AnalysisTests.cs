using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.MixedPrecision;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Tests;

public sealed class AnalysisTests
{
    private static readonly IReadOnlyDictionary<string, OnnxTensor>[] Samples = [.. QuantizerFixtures.Batches(4)];

    [Theory]
    [InlineData("cpu-x64")]
    [InlineData("cpu-x64-avx2")]
    [InlineData("generic")]
    public void TorchAgreement_AnyTarget_IsWithinAFewSteps(string target)
    {
        OnnxModel model = StaticQuantizer.Quantize(QuantizerFixtures.Net(), Samples, new QuantizationOptions { Target = QuantizationTarget.Find(target) }).Model;
        TorchAgreement agreement = TorchAgreement.Measure(model, Samples[0]);
        Assert.True(agreement.Tensors >= 5);
        // Rounding at a half may fall either way, and a step of it may grow in a layer or two.
        Assert.True(agreement.MaxSteps < 4, agreement.ToString());
        Assert.True(agreement.MeanSteps < 0.02, agreement.ToString());
    }

    [Fact]
    public void TorchAgreement_FloatModel_IsRefused()
    {
        OnnxModel model = StaticQuantizer.Quantize(QuantizerFixtures.Net(), Samples, new QuantizationOptions()).Model;
        Assert.Contains("no quantized activation", Assert.Throws<QuantizationException>(() => TorchAgreement.Measure(QuantizerFixtures.Net(), Samples[0])).Message, StringComparison.Ordinal);
        Assert.NotEmpty(EngineKernels.Of(model).Integer);
        Assert.Empty(EngineKernels.Of(model).FloatLayers);
    }

    [Fact]
    public void PrecisionSearch_OneBrokenLayer_KeepsItFloatAndFewOthers()
    {
        OnnxModel model = QuantizerFixtures.Chain();
        QuantizerFixtures.Break(model);
        var prepared = PreparedModel.Of(model);
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(QuantizationTarget.CpuX64), Samples);
        var noise = new OutputNoise(model, Samples);
        var options = new QuantizationOptions();
        double all = noise.Decibels(StaticQuantizer.Build(prepared, statistics, options).Model);
        PrecisionResult result = PrecisionSearch.Run(prepared, statistics, options, Samples, noise.Decibels, floatValue: 200, maxDrop: 200 - (all + 6));
        Assert.True(result.IsWithin);
        Assert.True(result.Value >= all + 6);
        Assert.InRange(result.KeepFloat.Count, 1, 3);
        Assert.Equal(4, result.Sensitivities.Count);
        PrecisionResult impossible = PrecisionSearch.Run(prepared, statistics, options, Samples, _ => 0, floatValue: 1, maxDrop: 0.1);
        Assert.False(impossible.IsWithin);
    }

    [Fact]
    public void LayerNoise_Net_FallsWithDepthAndNamesEveryActivation()
    {
        var prepared = PreparedModel.Of(QuantizerFixtures.Net());
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(QuantizationTarget.CpuX64), Samples);
        QuantizedModel quantized = StaticQuantizer.Build(prepared, statistics, new QuantizationOptions());
        IReadOnlyList<LayerNoise> layers = LayerNoise.Measure(prepared, quantized, Samples);
        Assert.Equal(quantized.Ranges.Keys.Where(name => name != "x").Order(), layers.Select(layer => layer.Tensor).Order());
        Assert.All(layers, layer => Assert.InRange(layer.Decibels, 20, 200));
    }
}
