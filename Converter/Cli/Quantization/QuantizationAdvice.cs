using System.Globalization;

namespace Edge.Cli.Quantization;

/// <summary>What to try next, from what was measured.</summary>
internal static class QuantizationAdvice
{
    private const double SmallDrop = 0.005;
    private const double PoorDecibels = 15;

    internal static IEnumerable<string> Of(QuantizationReport report)
    {
        if (report.Speed is { AnyQuantized: false })
        {
            yield return "int8 gains nothing on this machine: every layer stayed float; leave --speed out to quantize for another machine or for size";
        }
        else if (report.Speedup < 1)
        {
            yield return "int8 is not faster on this machine: --speed keeps the layers float that lose, or take the model for its size";
        }
        if (report.Precision is { IsWithin: false } precision)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the loss is not within {precision.MaxDrop}: allow more, or train for it");
        }
        if (report.Drop > SmallDrop && report.Precision is null)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{report.Metric} fell by {report.Drop:F4}: try --method mse or percentile, --max-drop to keep sensitive layers float");
        }
        if (report.Layers.Where(layer => layer.Decibels < PoorDecibels).MinBy(layer => layer.Decibels) is { } worst)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"'{worst.Node}' has only {worst.Decibels:F1} dB of signal over noise: look at it with --explain {worst.Node}");
        }
        if (report.Kernels is { FloatLayers.Count: > 0 } kernels && kernels.FloatLayers.Count > report.FloatNodes.Count)
        {
            yield return $"the engine runs {kernels.FloatLayers.Count} quantized layers as float: {string.Join(", ", kernels.FloatLayers.Take(3))}";
        }
    }
}
