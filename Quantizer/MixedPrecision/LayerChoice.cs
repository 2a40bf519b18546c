using Edge.Graph;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Speed;

namespace Edge.Quantizer.MixedPrecision;

/// <summary>
/// Chooses the layers that stay float, for speed first: what int8 does not make faster costs no accuracy either. Of the rest as few
/// as possible are given up for the metric, and what is left must still be faster than the float model.
/// </summary>
/// <param name="Options">How to quantize, with what is kept float.</param>
/// <param name="Speed">What was measured; null unless asked for.</param>
/// <param name="Precision">What was judged; null unless asked for, and where every layer stayed float for speed.</param>
public sealed record LayerChoice(QuantizationOptions Options, SpeedResult? Speed, PrecisionResult? Precision)
{
    private static readonly TimeSpan Race = TimeSpan.FromSeconds(2);

    /// <summary>Whether anything is worth quantizing.</summary>
    public bool AnyQuantized => Speed?.AnyQuantized != false;

    /// <summary>Chooses.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize; what it keeps float stays float.</param>
    /// <param name="samples">Some inputs, with a batch of one.</param>
    /// <param name="by">By what.</param>
    /// <param name="repair">Told the options after layers were chosen for speed, gives them with what repairs the rest; null repairs nothing.</param>
    /// <param name="progress">Told how many layers are ranked.</param>
    /// <param name="cancellation">Stops between two trials.</param>
    /// <exception cref="QuantizationException">There is no sample, or a weight cannot be quantized.</exception>
    public static LayerChoice Run(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, LayerChoiceOptions by, Func<QuantizationOptions, QuantizationOptions>? repair = null,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(by);
        SpeedResult? speed = null;
        if (by.Speed)
        {
            speed = SpeedPolicy.Choose(prepared, statistics, options, samples, by.Threads, cancellation);
            options = options with { KeepFloat = speed.KeepFloat };
            if (!speed.AnyQuantized)
            {
                return new LayerChoice(options, speed, null);
            }
        }
        options = repair?.Invoke(options) ?? options;
        if (by is not { MaxDrop: { } most, Judge: { } judge })
        {
            return new LayerChoice(options, speed, null);
        }
        double decibels = by.JudgedSamples < LayerChoiceOptions.FewSamples ? LayerChoiceOptions.DecibelsForFew : 0;
        PrecisionResult precision = PrecisionSearch.Run(prepared, statistics, options, samples, judge, by.FloatValue, most, decibels, by.Threads, progress, cancellation);
        if (speed is not null && precision.KeepFloat.Count > options.KeepFloat.Count)
        {
            IReadOnlyList<double[]> times = LatencyRace.Run([prepared.Model, precision.Model.Model], samples[0], by.Threads, Race);
            double gain = LatencyRace.Speedup(times[0], times[1]);
            int layers = prepared.Candidates(options.Target).Count(node => options.Target.Computes.Contains(node.OpType) && precision.Model.QuantizedNames.Contains(node.Name));
            SpeedVariant chosen = gain >= SpeedPolicy.LeastGain
                ? new SpeedVariant("what the metric allows of it", layers, gain)
                : new SpeedVariant("float, for what the metric allows is no faster", 0, 1);
            speed = speed with { Variants = [chosen, .. speed.Variants] };
            if (!speed.AnyQuantized)
            {
                var all = prepared.Candidates(options.Target).ToDictionary(node => node.Name, node => precision.KeepFloat.GetValueOrDefault(node.Name) ?? chosen.Name, StringComparer.Ordinal);
                return new LayerChoice(options with { KeepFloat = all }, speed, null);
            }
        }
        return new LayerChoice(options with { KeepFloat = precision.KeepFloat }, speed, precision);
    }
}
