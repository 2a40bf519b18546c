using System.Globalization;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Quantizer;
using Edge.Quantizer.Observers;

namespace Edge.Cli.Quantization;

/// <summary>What quantization does to one layer: its values, the ranges each method would take, its noise.</summary>
internal static class LayerExplanation
{
    private const int Bars = 24;
    private const int BarWidth = 50;

    internal static void Print(QuantizeJob job, QuantizationReport report, string layer)
    {
        Node node = job.Prepared.Model.Graph.Nodes.First(item => item.Name == layer);
        string? reason = job.Quantized.FloatNodes.FirstOrDefault(item => item.Name == layer)?.Reason;
        Screen.Line($"{node.Describe()}: {(reason is null ? "computes on whole numbers" : $"stayed float: {reason}")}");
        if (node.Input(1)?.Constant is { Type: ElementType.Float, Dims.Length: >= 2 } weight)
        {
            float[] scales = WeightQuantizer.Scales(weight, node.OpType == "Gemm" && node.Attributes.GetInt("transB", 0) == 0 ? 1 : 0, 127, layer, clip: false);
            Screen.Line(Text($"weight {weight}: steps from {scales.Min():G3} to {scales.Max():G3} by channel, {scales.Max() / Math.Max(scales.Min(), 1e-30f):F0} times apart"));
        }
        foreach (Value value in node.Outputs.OfType<Value>().Concat(node.Outputs.OfType<Value>().SelectMany(output => output.Uses).Where(use => use.Node.OpType is "Relu" or "Clip").Select(use => use.Node.Outputs[0]!)))
        {
            if (job.Statistics.TryGetValue(value.Name, out TensorStatistics? statistics))
            {
                Print(value, statistics, job.Quantized.Ranges.TryGetValue(value.Name, out TensorRange range) ? range : null, report);
            }
        }
    }

    private static void Print(Value value, TensorStatistics statistics, TensorRange? range, QuantizationReport report)
    {
        Screen.Line(Text($"'{value.Name}' {value.Shape}: {statistics.Minimum:G5} to {statistics.Maximum:G5} in {statistics.Count:N0} values"));
        if (range is { } chosen)
        {
            Screen.Line(Text($"  chosen range {chosen.Minimum:G5} to {chosen.Maximum:G5}, a step of {AffineParameters.UInt8(chosen).Scale:G3}"));
        }
        foreach (CalibrationMethod method in Enum.GetValues<CalibrationMethod>())
        {
            TensorRange other = new RangeRule(method).Find(statistics);
            Screen.Line(Text($"  {method.ToString().ToLowerInvariant(),-14} {other.Minimum,11:G5} to {other.Maximum,11:G5}"));
        }
        if (report.Layers.FirstOrDefault(layer => layer.Tensor == value.Name) is { } noise)
        {
            Screen.Line(Text($"  signal over noise {noise.Decibels:F1} dB"));
        }
        (double X, double Y)[] curve = [.. QuantizationPage.Curve(statistics, Bars)];
        double most = curve.Max(point => point.Y);
        foreach ((double x, double y) in curve)
        {
            string mark = range is { } kept && (x < kept.Minimum || x > kept.Maximum) ? " clipped" : "";
            Screen.Line(Text($"  {x,10:G4} {new string('#', (int)Math.Round(BarWidth * y / Math.Max(most, 1e-9)))}{mark}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
