using Edge.Graph;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Speed;

namespace Edge.Quantizer.MixedPrecision;

/// <summary>
/// Chooses the layers that stay float: for the metric first, as few as possible; then for speed, where those are float anyway. What
/// speed leaves float besides costs no accuracy.
/// </summary>
/// <param name="Options">How to quantize, with what is kept float.</param>
/// <param name="Speed">What was measured; null unless asked for.</param>
/// <param name="Precision">What was judged; null unless asked for.</param>
public sealed record LayerChoice(QuantizationOptions Options, SpeedResult? Speed, PrecisionResult? Precision)
{
    /// <summary>Whether anything is worth quantizing.</summary>
    public bool AnyQuantized => Speed?.AnyQuantized != false;

    /// <summary>Chooses.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize; what it keeps float stays float.</param>
    /// <param name="samples">Some inputs, with a batch of one.</param>
    /// <param name="by">By what.</param>
    /// <param name="progress">Told how many layers are ranked.</param>
    /// <param name="cancellation">Stops between two trials.</param>
    /// <exception cref="QuantizationException">There is no sample, or a weight cannot be quantized.</exception>
    public static LayerChoice Run(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, LayerChoiceOptions by, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(by);
        PrecisionResult? precision = null;
        if (by is { MaxDrop: { } most, Judge: { } judge })
        {
            double decibels = by.JudgedSamples < LayerChoiceOptions.FewSamples ? LayerChoiceOptions.DecibelsForFew : 0;
            precision = PrecisionSearch.Run(prepared, statistics, options, samples, judge, by.FloatValue, most, decibels, by.Threads, progress, cancellation);
            options = options with { KeepFloat = precision.KeepFloat };
        }
        if (!by.Speed)
        {
            return new LayerChoice(options, null, precision);
        }
        SpeedResult speed = SpeedPolicy.Choose(prepared, statistics, options, samples, by.Threads, cancellation);
        return new LayerChoice(options with { KeepFloat = speed.KeepFloat }, speed, precision);
    }
}
