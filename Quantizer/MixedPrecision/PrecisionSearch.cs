using Edge.Graph;
using Edge.Quantizer.Analysis;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.MixedPrecision;

/// <summary>
/// Keeps as few layers float as the task metric allows: layers are ranked by what each alone does to the outputs, the number of
/// the worst that stay float is found by doubling and halving, and those whose return costs nothing are quantized again.
/// </summary>
public static class PrecisionSearch
{
    private const int MostReturns = 6;

    /// <summary>Searches.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize; what it keeps float stays float.</param>
    /// <param name="samples">Some inputs, to rank layers with.</param>
    /// <param name="judge">The task metric of a model; larger is better.</param>
    /// <param name="floatValue">That of the float model.</param>
    /// <param name="maxDrop">How much less is allowed.</param>
    /// <param name="leastDecibels">Signal over noise that the outputs must keep besides; 0 asks for none. A metric of few samples may be met by luck.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="progress">Told how many layers are ranked.</param>
    /// <param name="cancellation">Stops between two trials.</param>
    public static PrecisionResult Run(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, Func<OnnxModel, double> judge, double floatValue, double maxDrop, double leastDecibels = 0,
        int threads = 0, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(judge);
        var trials = new List<PrecisionTrial>();
        OutputNoise? noise = leastDecibels > 0 ? new OutputNoise(prepared.Model, samples, threads) : null;
        PrecisionResult best = Try([]);
        if (best.IsWithin)
        {
            return best;
        }
        IReadOnlyList<LayerSensitivity> ranked = LayerSensitivity.Measure(prepared, statistics, options, samples, threads, progress, cancellation);
        (int below, int enough) = (0, 1);
        while (!(best = Try(First(enough))).IsWithin && enough < ranked.Count)
        {
            below = enough;
            enough = Math.Min(2 * enough, ranked.Count);
        }
        while (best.IsWithin && enough - below > 1)
        {
            int middle = (below + enough) / 2;
            if (Try(First(middle)) is { IsWithin: true } fewer)
            {
                (best, enough) = (fewer, middle);
            }
            else
            {
                below = middle;
            }
        }
        HashSet<string> kept = [.. First(enough)];
        foreach (string layer in First(enough).Reverse().Take(best.IsWithin ? MostReturns : 0).ToArray())
        {
            kept.Remove(layer);
            if (Try(kept) is { IsWithin: true } fewer)
            {
                best = fewer;
            }
            else
            {
                kept.Add(layer);
            }
        }
        return best with { Sensitivities = ranked, Trials = trials };

        IEnumerable<string> First(int count) => ranked.Take(count).Select(item => item.Node);

        PrecisionResult Try(IEnumerable<string> layers)
        {
            cancellation.ThrowIfCancellationRequested();
            string[] names = [.. layers];
            var keep = new Dictionary<string, string>(options.KeepFloat, StringComparer.Ordinal);
            foreach (string name in names)
            {
                keep.TryAdd(name, "rounding it costs more of the metric than is allowed");
            }
            QuantizedModel model = StaticQuantizer.Build(prepared, statistics, options with { KeepFloat = keep });
            double? decibels = noise?.Decibels(model.Model);
            double value = judge(model.Model);
            bool isWithin = floatValue - value <= maxDrop && !(decibels < leastDecibels);
            trials.Add(new PrecisionTrial(names.Length, value, decibels, isWithin));
            return new PrecisionResult(model, keep, value, isWithin, [], [.. trials]);
        }
    }
}
