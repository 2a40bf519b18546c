using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Calibration;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Qat;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Tests;

public sealed class QatTests
{
    [Fact]
    public void Run_CoarseScales_ComesCloserToTheTeacher()
    {
        OnnxModel model = QuantizerFixtures.Chain();
        IReadOnlyDictionary<string, OnnxTensor>[] samples = [.. QuantizerFixtures.Batches(12)];
        var prepared = PreparedModel.Of(model);
        // Weights of 4 bits leave something to learn.
        var options = new QuantizationOptions { Target = QuantizationTarget.CpuX64 with { WeightSteps = 7 } };
        IReadOnlyDictionary<string, TensorStatistics> statistics = Calibrator.Run(prepared.Model, prepared.Tensors(options.Target), samples);
        var noise = new OutputNoise(model, [.. QuantizerFixtures.Batches(6, seed: 31)]);
        double before = noise.Decibels(StaticQuantizer.Build(prepared, statistics, options).Model);
        QatResult result = QatTrainer.Run(prepared, statistics, options, samples, new QatOptions { Epochs = 8, LearningRate = 5e-3 });
        double after = noise.Decibels(result.Model.Model);
        Assert.True(result.LastLoss < 0.8 * result.FirstLoss, $"{result.FirstLoss} became {result.LastLoss}");
        Assert.True(after > before + 1, $"{before:F1} became {after:F1} dB");
        Assert.Equal(96, result.Steps);
        Assert.All(result.Model.Model.Graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm"), node => Assert.Equal(ElementType.Int8, node.Inputs[1]!.Producer!.Inputs[0]!.Constant!.Type));
    }

    [Fact]
    public void Run_NoBatch_IsRefused()
    {
        var prepared = PreparedModel.Of(QuantizerFixtures.Chain());
        Assert.Contains("nothing to train with", Assert.Throws<QuantizationException>(() => QatTrainer.Run(prepared, new Dictionary<string, TensorStatistics>(), new QuantizationOptions(), [], new QatOptions())).Message, StringComparison.Ordinal);
    }
}
