using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Quantizer;
using Edge.Quantizer.Observers;
using Edge.Reports;

namespace Edge.Cli.Quantization;

/// <summary>The report as a page.</summary>
internal static class QuantizationPage
{
    private const int MostBars = 60;
    private const int MostHistograms = 12;
    private const int Points = 96;

    internal static HtmlReport Of(QuantizationReport report, QuantizeJob job)
    {
        var page = new HtmlReport($"Quantized: {Path.GetFileName(report.Model)}", $"{report.Scheme}, for {report.Target}; {report.Calibration} calibration on {report.CalibrationSamples:N0} samples");
        page.Tiles(
            new Tile(Text($"{report.Int8Value:P2}"), Text($"{report.Metric}, {report.FloatValue:P2} as float")),
            new Tile(Text($"{report.BytesRatio:P0}"), Text($"of {report.FloatBytes:N0} bytes")),
            new Tile(Text($"{report.Speedup:F2} ×"), Text($"as fast: {report.Int8Ms:F3} ms, {report.FloatMs:F3} ms as float")));
        foreach (string line in report.Warnings.Concat(report.Advice))
        {
            page.Paragraph(line);
        }
        if (report.Layers.Count > 0)
        {
            Bar[] bars = [.. report.Layers.OrderBy(layer => layer.Decibels).Take(MostBars).Select(layer => new Bar(layer.Node, layer.Decibels))];
            page.Section("Signal over noise by layer", "Each quantized activation against the float model's, in decibels, with the noise of all layers before it; the noisiest first. 6 dB are one bit.");
            page.Chart(JudgingCharts.BarsOf("dB", bars), 60 + (18 * bars.Length));
            Histograms(page, report, job);
        }
        if (report.Speed is { } speed)
        {
            page.Section("Speed", "Choices of layers, each run in turn with the float model on this machine.");
            page.Table(["choice", "layers on whole numbers", "times as fast"], speed.Variants.Select(variant => (IReadOnlyList<string>)[variant.Name, Text($"{variant.QuantizedLayers}"), Text($"{variant.Speedup:F2}")]));
            page.Table(["layer", "float ms", "int8 ms", "chosen"], speed.Layers.Select(layer => (IReadOnlyList<string>)[layer.Node, Text($"{layer.FloatMs:F4}"), Text($"{layer.Int8Ms:F4}"), layer.IsQuantized ? "int8" : "float"]));
        }
        if (report.Precision is { Sensitivities.Count: > 0 } precision)
        {
            page.Section("Sensitivity", "What quantizing a layer alone leaves of the outputs.");
            page.Chart(JudgingCharts.BarsOf("dB", [.. precision.Sensitivities.Take(MostBars).Select(item => new Bar(item.Node, item.Decibels))]), 60 + (18 * Math.Min(MostBars, precision.Sensitivities.Count)));
        }
        if (report.Precision is { } judged)
        {
            page.Section("Choices of layers", Text($"Judged in this order, to lose at most {judged.MaxDrop} of {report.Metric}."));
            page.Table(["layers kept float", report.Metric, "signal over noise, dB", "good enough"], judged.Trials.Select(trial =>
                (IReadOnlyList<string>)[Text($"{trial.FloatLayers}"), Text($"{trial.Value:P2}"), trial.Decibels is { } decibels ? Text($"{decibels:F1}") : "", trial.IsWithin ? "yes" : "no"]));
        }
        page.Section("Left float");
        return page.Table(["node", "reason"], report.FloatNodes.Select(node => (IReadOnlyList<string>)[node.Node, node.Reason]));
    }

    /// <summary>A distribution as points: the middle of each stretch, and the logarithm of one more than its count.</summary>
    internal static IEnumerable<(double X, double Y)> Curve(TensorStatistics statistics, int points)
    {
        GrowingHistogram histogram = statistics.Histogram;
        int first = Math.Max(0, histogram.Bins.IndexOfAnyExcept(0));
        int end = histogram.Bins.LastIndexOfAnyExcept(0) + 1;
        int width = Math.Max(1, (end - first + points - 1) / points);
        for (int start = first; start < end; start += width)
        {
            long count = 0;
            for (int bin = start; bin < Math.Min(end, start + width); bin++)
            {
                count += histogram.Bins[bin];
            }
            yield return ((histogram.Middle(start) + histogram.Middle(Math.Min(end, start + width) - 1)) / 2, Math.Log10(count + 1));
        }
    }

    private static void Histograms(HtmlReport page, QuantizationReport report, QuantizeJob job)
    {
        var charts = new List<JsonObject>();
        foreach (string tensor in report.Layers.OrderBy(layer => layer.Decibels).Select(layer => layer.Tensor).Where(job.Statistics.ContainsKey).Take(MostHistograms))
        {
            TensorRange range = job.Quantized.Ranges[tensor];
            (double X, double Y)[] curve = [.. Curve(job.Statistics[tensor], Points)];
            double top = curve.Max(point => point.Y);
            JsonObject chart = Charts.Lines(tensor, "log10 of the count", new Series(tensor, curve), new Series("range", [(range.Minimum, 0), (range.Minimum, top), (range.Maximum, top), (range.Maximum, 0)]));
            chart["xAxis"]!["min"] = "dataMin";
            // The ends of a range are no round numbers, and the axis belongs to the left of values below 0.
            chart["xAxis"]!["axisLabel"] = new JsonObject { ["showMinLabel"] = false, ["showMaxLabel"] = false };
            chart["yAxis"]!["axisLine"] = new JsonObject { ["onZero"] = false };
            chart["legend"] = new JsonObject { ["top"] = 0, ["right"] = 0 };
            charts.Add(chart);
        }
        if (charts.Count > 0)
        {
            page.Section("Distributions", "The noisiest activations with the range that was chosen; what lies outside is clipped.");
            page.ChartRow(charts, 240);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
