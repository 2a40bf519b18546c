using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Quantizer.Speed;

namespace Edge.Cli.Quantization;

/// <summary>The report on a terminal.</summary>
internal static class QuantizationPrinter
{
    private const int WorstLayers = 5;
    private const int NodesOfAReason = 4;

    internal static void Print(QuantizationReport report, string output)
    {
        Screen.Line($"{output}: {report.QuantizedNodes.Count} nodes on whole numbers, {report.FloatNodes.Count} left float; {report.Calibration} calibration on {report.CalibrationSamples:N0} samples for {report.Target}");
        Screen.Table(
            ["", "float", "quantized", "difference"],
            [
                [report.Metric, Text($"{report.FloatValue:P2}"), Text($"{report.Int8Value:P2}"), Text($"{-100 * report.Drop:+0.00;-0.00;0.00} points")],
                ["bytes", Text($"{report.FloatBytes:N0}"), Text($"{report.Int8Bytes:N0}"), Text($"{report.BytesRatio:P1}")],
                ["p50 ms", Text($"{report.FloatMs:F3}"), Text($"{report.Int8Ms:F3}"), Text($"{report.Speedup:F2}× as fast")],
            ]);
        foreach (IGrouping<string, QuantizationReport.FloatNode> group in report.FloatNodes.GroupBy(node => Reason(node.Reason)))
        {
            string more = group.Count() > NodesOfAReason ? $" and {group.Count() - NodesOfAReason} more" : "";
            Screen.Line($"left float: {string.Join(", ", group.Take(NodesOfAReason).Select(node => node.Node))}{more}: {group.Key}");
        }
        if (report.Speed is { } speed)
        {
            foreach (SpeedVariant variant in speed.Variants)
            {
                Screen.Line(Text($"measured: {variant.Name}, {variant.QuantizedLayers} layers on whole numbers: {variant.Speedup:F2}× as fast as float{(ReferenceEquals(variant, speed.Variants[0]) ? " (chosen)" : "")}"));
            }
        }
        if (report.Precision is { } precision)
        {
            Screen.Line(Text($"judged {precision.Trials.Count} choices of layers; kept float: {precision.Trials.LastOrDefault(trial => trial.IsWithin)?.FloatLayers ?? 0} for the metric"));
        }
        if (report.Layers.Count > 0)
        {
            Screen.Line($"noisiest layers: {string.Join(", ", report.Layers.OrderBy(layer => layer.Decibels).Take(WorstLayers).Select(layer => Text($"{layer.Node} {layer.Decibels:F1} dB")))}");
        }
        if (report.Torch is { } torch)
        {
            Screen.Line(Text($"libtorch agrees: at most {torch.MaxSteps:F1} quantization steps apart ('{torch.Tensor}'), {torch.MeanSteps:F4} on the mean of {torch.Tensors} activations"));
        }
        foreach (string line in report.Warnings.Concat(report.Advice))
        {
            Screen.Line(line);
        }
    }

    // Figures differ from node to node; the reason is the same.
    private static string Reason(string text) => text.Contains(" (", StringComparison.Ordinal) ? text[..text.IndexOf(" (", StringComparison.Ordinal)] : text;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
