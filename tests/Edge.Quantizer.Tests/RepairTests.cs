using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Repair;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Tests;

public sealed class RepairTests
{
    private static readonly IReadOnlyDictionary<string, OnnxTensor>[] Samples = [.. QuantizerFixtures.Batches(6)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equalize_AnyNet_KeepsTheFloatFunction(bool isBroken)
    {
        OnnxModel model = QuantizerFixtures.Chain();
        if (isBroken)
        {
            QuantizerFixtures.Break(model);
        }
        var prepared = PreparedModel.Of(model);
        Assert.True(CrossLayerEqualization.Run(prepared, Samples) >= 3);
        double sqnr = QuantizerFixtures.Sqnr(model, prepared.Model);
        Assert.True(sqnr > 80, $"{sqnr:F1} dB");
    }

    [Fact]
    public void Break_OneHundredfold_KeepsTheFloatFunctionAndRuinsInt8()
    {
        OnnxModel model = QuantizerFixtures.Chain();
        double before = QuantizerFixtures.Sqnr(model, Quantize(PreparedModel.Of(model)));
        OnnxModel broken = model.Copy();
        QuantizerFixtures.Break(broken);
        Assert.True(QuantizerFixtures.Sqnr(model, broken) > 80);
        double ruined = QuantizerFixtures.Sqnr(model, Quantize(PreparedModel.Of(broken)));
        Assert.True(ruined < before - 12, $"{before:F1} became {ruined:F1} dB");
        var repaired = PreparedModel.Of(broken);
        CrossLayerEqualization.Run(repaired, Samples);
        double after = QuantizerFixtures.Sqnr(model, Quantize(repaired));
        Assert.True(after > before - 1.5, $"{before:F1} became {ruined:F1} and {after:F1} dB");
    }

    [Fact]
    public void BiasCorrection_BiasedRounding_MovesTheMeansBack()
    {
        OnnxModel model = QuantizerFixtures.Chain();
        var prepared = PreparedModel.Of(model);
        // A range that clips a good part of every activation makes results smaller on the whole.
        var options = new QuantizationOptions { Method = CalibrationMethod.Percentile, Percentile = 90 };
        IReadOnlyDictionary<string, TensorStatistics> statistics = Statistics(prepared);
        double before = new OutputNoise(model, Samples).Decibels(StaticQuantizer.Build(prepared, statistics, options).Model);
        IReadOnlyDictionary<string, float[]> shifts = BiasCorrection.Run(prepared, statistics, options, Samples);
        double after = new OutputNoise(model, Samples).Decibels(StaticQuantizer.Build(prepared, statistics, options with { BiasShifts = shifts }).Model);
        Assert.Equal(4, shifts.Count);
        Assert.True(after > before + 2, $"{before:F1} became {after:F1} dB");
    }

    private static OnnxModel Quantize(PreparedModel prepared) => StaticQuantizer.Build(prepared, Statistics(prepared), new QuantizationOptions()).Model;

    private static IReadOnlyDictionary<string, TensorStatistics> Statistics(PreparedModel prepared) =>
        Calibrator.Run(prepared.Model, prepared.Tensors(QuantizationTarget.CpuX64), Samples);
}
