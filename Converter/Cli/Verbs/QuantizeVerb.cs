using System.CommandLine;
using System.Globalization;
using Edge.Cli.Models;
using Edge.Cli.Quantization;
using Edge.Cli.Terminal;
using Edge.Foundation;
using Edge.Graph;
using Edge.Quantizer;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;
using Edge.Training.Data;

namespace Edge.Cli.Verbs;

/// <summary><c>edge quantize</c>: a float model to 8-bit whole numbers.</summary>
internal static class QuantizeVerb
{
    internal static Command Create()
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = CommonOptions.Output("Where to write the quantized model; the report goes beside it as .report.json.");
        Option<string> data = CommonOptions.Data();
        var samples = new Option<int>("--calibration") { Description = "How many training samples to calibrate with.", DefaultValueFactory = _ => 512, HelpName = "N" };
        var method = new Option<CalibrationMethod>("--method") { Description = "How the range of an activation is found: minmax or percentile." };
        var percentile = new Option<double>("--percentile") { Description = "The share of values that the range holds, in percent.", DefaultValueFactory = _ => 99.99, HelpName = "P" };
        var target = new Option<string>("--target") { Description = $"The chip to quantize for: {string.Join(", ", QuantizationTarget.All.Select(item => item.Name))}.", DefaultValueFactory = _ => QuantizationTarget.CpuX64.Name, HelpName = "NAME" };
        var keep = new Option<string[]>("--keep-float") { Description = "A node that stays float; repeat for more.", HelpName = "NODE" };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.JsonOutput();
        var card = new CardOptions();
        var command = new Command("quantize", "Quantize a model to 8 bits (QDQ) and compare accuracy, size and latency before and after.") { model, output, data, samples, method, percentile, target, keep, threads, json };
        card.AddTo(command);
        command.SetAction((parse, cancellation) =>
        {
            string source = parse.GetRequiredValue(model);
            OnnxModel loaded = OnnxModel.Load(source);
            ModelVerifier.ThrowIfInvalid(loaded, source);
            var options = new QuantizationOptions
            {
                Method = parse.GetValue(method),
                Percentile = parse.GetValue(percentile),
                Target = QuantizationTarget.Find(parse.GetRequiredValue(target)),
                KeepFloat = (parse.GetValue(keep) ?? []).Distinct().ToDictionary(name => name, _ => "asked for"),
            };
            QuantizationWork work = QuantizationWork.Run(loaded, source, card.Card(parse, loaded, source), DatasetCatalog.Load(parse.GetRequiredValue(data)), parse.GetValue(samples), options, parse.GetValue(threads), cancellation);
            Save(work, parse.GetRequiredValue(output));
            Print(work.Report, parse.GetRequiredValue(output), parse.GetValue(json));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Save(QuantizationWork work, string output)
    {
        work.Model.Save(output);
        AtomicFile.WriteAllText(Path.ChangeExtension(output, ".report.json"), Json.Text(work.Report) + "\n");
    }

    private static void Print(QuantizationReport report, string output, bool json)
    {
        if (json)
        {
            Screen.Line(Json.Text(report));
            return;
        }
        Screen.Line($"{output}: {report.QuantizedNodes.Count} nodes on 8 bits, {report.FloatNodes.Count} left float; {report.Calibration} calibration on {report.CalibrationSamples:N0} samples");
        Screen.Table(
            ["", "float", "int8", "difference"],
            [
                ["accuracy", Format($"{report.FloatAccuracy:P2}"), Format($"{report.Int8Accuracy:P2}"), Format($"{-100 * report.Drop:+0.00;-0.00;0.00} points")],
                ["bytes", Format($"{report.FloatBytes:N0}"), Format($"{report.Int8Bytes:N0}"), Format($"{report.BytesRatio:P1}")],
                ["p50 ms", Format($"{report.FloatLatency.P50Ms:F3}"), Format($"{report.Int8Latency.P50Ms:F3}"), Format($"{report.Speedup:F2}× as fast")],
                ["p99 ms", Format($"{report.FloatLatency.P99Ms:F3}"), Format($"{report.Int8Latency.P99Ms:F3}"), ""],
            ]);
        foreach (QuantizationReport.FloatNode node in report.FloatNodes)
        {
            Screen.Line($"left float: {node.Node}: {node.Reason}");
        }
        if (report.Speedup < 1)
        {
            Screen.Line("int8 is not faster on this machine; take it for its size, or keep the float model");
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
