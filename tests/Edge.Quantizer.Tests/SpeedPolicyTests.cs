using Edge.Graph;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Speed;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Tests;

public sealed class SpeedPolicyTests
{
    [Fact]
    public void Choose_Net_PricesEveryLayerAndBuildsWhatItChose()
    {
        var prepared = PreparedModel.Of(QuantizerFixtures.Net());
        var options = new QuantizationOptions();
        IReadOnlyDictionary<string, OnnxTensor>[] samples = [.. QuantizerFixtures.Batches(2, images: 1)];
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(QuantizationTarget.CpuX64), samples);
        SpeedResult result = SpeedPolicy.Choose(prepared, statistics, options, samples);
        Assert.Equal(prepared.Candidates(QuantizationTarget.CpuX64).Select(node => node.Name), result.Layers.Select(layer => layer.Node));
        Assert.All(result.Layers.Where(layer => layer.Node is "conv1" or "conv2"), layer => Assert.True(layer.FloatMs > 0 && layer.Int8Ms > 0));
        Assert.Contains(result.Variants, variant => variant.Name == "float");
        Assert.Contains(result.Variants, variant => variant.Name == "everything quantized");
        if (result.AnyQuantized)
        {
            Assert.True(result.Variants[0].Speedup >= SpeedPolicy.LeastGain);
            QuantizedModel built = StaticQuantizer.Build(prepared, statistics, options with { KeepFloat = result.KeepFloat });
            Assert.Equal(result.Layers.Where(layer => layer.IsQuantized).Select(layer => layer.Node).Order(), built.QuantizedNames.Order());
        }
        else
        {
            Assert.Equal("float", result.Variants[0].Name);
        }
    }
}
