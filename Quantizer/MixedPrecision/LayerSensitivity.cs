using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.MixedPrecision;

/// <summary>What quantizing one layer alone does to the model's outputs.</summary>
/// <param name="Node">The layer.</param>
/// <param name="Decibels">Signal to quantization noise of the outputs; lower is worse.</param>
public sealed record LayerSensitivity(string Node, double Decibels)
{
    /// <summary>Measures every layer with weights.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How layers are quantized.</param>
    /// <param name="samples">Some inputs.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="progress">Told how many layers are done.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    /// <returns>The layers, the most sensitive first.</returns>
    public static IReadOnlyList<LayerSensitivity> Measure(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        var noise = new OutputNoise(prepared.Model, samples, threads);
        string[] candidates = [.. prepared.Candidates(options.Target).Select(node => node.Name)];
        var everything = candidates.ToDictionary(name => name, _ => "another layer is being measured", StringComparer.Ordinal);
        string[] layers = [.. prepared.Candidates(options.Target).Where(node => options.Target.Computes.Contains(node.OpType) && !options.KeepFloat.ContainsKey(node.Name)).Select(node => node.Name)];
        var results = new List<LayerSensitivity>();
        foreach (string layer in layers)
        {
            cancellation.ThrowIfCancellationRequested();
            var kept = new Dictionary<string, string>(everything, StringComparer.Ordinal);
            kept.Remove(layer);
            results.Add(new LayerSensitivity(layer, noise.Decibels(StaticQuantizer.Build(prepared, statistics, options with { KeepFloat = kept }).Model)));
            progress?.Invoke(results.Count, layers.Length);
        }
        return [.. results.OrderBy(result => result.Decibels)];
    }
}
