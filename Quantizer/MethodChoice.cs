using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer;

/// <summary>Finds the calibration method that serves a model best: all of them read the same statistics, so trying costs little.</summary>
public static class MethodChoice
{
    private static readonly (CalibrationMethod Method, double Percentile)[] Tried =
        [(CalibrationMethod.MinMax, 100), (CalibrationMethod.Mse, 100), (CalibrationMethod.Percentile, 99.99), (CalibrationMethod.Percentile, 99.9), (CalibrationMethod.Entropy, 100)];

    /// <summary>Chooses by signal over noise of the outputs.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize otherwise.</param>
    /// <param name="samples">Some inputs.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <returns>The options with the method, and the decibels of each that was tried.</returns>
    public static (QuantizationOptions Options, IReadOnlyList<(string Method, double Decibels)> Tried) Best(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        var noise = new OutputNoise(prepared.Model, samples, threads);
        (QuantizationOptions Options, double Decibels)[] results = [.. Tried
            .Select(item => options with { Method = item.Method, Percentile = item.Percentile })
            .Select(candidate => (candidate, noise.Decibels(StaticQuantizer.Build(prepared, statistics, candidate).Model)))];
        return (results.MaxBy(result => result.Decibels).Options, [.. results.Select(result => (result.Options.MethodText, result.Decibels))]);
    }
}
