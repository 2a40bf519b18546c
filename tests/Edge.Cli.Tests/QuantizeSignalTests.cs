using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Foundation;
using Edge.Inference;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Models of readings and of texts through <c>edge quantize</c>, calibrated and judged with tables.</summary>
public sealed class QuantizeSignalTests
{
    [Fact]
    public async Task Quantize_Readings_TakesTablesAndPacksTheFigures()
    {
        using var folder = new TemporaryFolder();
        var random = new SplitMix64(1);
        var table = new StringBuilder("warmth,light,label\n");
        for (int i = 0; i < 400; i++)
        {
            bool isOn = i / 30 % 2 == 0;
            table.Append(CultureInfo.InvariantCulture, $"{20 + random.NextDouble()},{(isOn ? 400 : 10) + (50 * random.NextDouble())},{(isOn ? "on" : "off")}\n");
        }
        await TrainAsync(folder, table.ToString(), "data.csv", "kind: table, columns: [warmth, light], labels: label, window: 4", "gru-sensor");
        // Readings alone calibrate; nobody needs to have told what they mean.
        File.WriteAllLines(folder["plain.csv"], File.ReadLines(folder["data.csv"]).Select(line => line[..line.LastIndexOf(',')]));
        JsonElement report = await QuantizeAsync(folder, "plain.csv", "data.csv");
        Assert.Equal("accuracy", report.GetProperty("metric").GetString());
        Assert.InRange(report.GetProperty("drop").GetDouble(), -0.02, 0.02);
        Assert.Contains(report.GetProperty("quantizedNodes").EnumerateArray(), node => node.GetString()!.StartsWith("Gemm", StringComparison.Ordinal));
        Assert.Contains(report.GetProperty("floatNodes").EnumerateArray(), node => node.GetProperty("reason").GetString()!.EndsWith("weights are stored as int8", StringComparison.Ordinal));
        QuantizationFacts facts = (await PackAsync(folder)).Quantization!;
        Assert.Equal(("qdq-int8", "accuracy", report.GetProperty("int8Value").GetDouble()), (facts.Scheme, facts.Metric, facts.QuantizedMetric));
        string refusal = await EdgeCommand.RefusedAsync("quantize", folder["m.onnx"], "--calib", folder["wrong.csv"], "-o", folder["x.onnx"]);
        Assert.Contains("has no column 'warmth'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_Texts_AreJudgedByTheRarerClass()
    {
        using var folder = new TemporaryFolder();
        var table = new StringBuilder();
        for (int i = 0; i < 160; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{(i % 3 == 0 ? "good fine lovely" : "bad poor awful")} thing number {i}\t{(i % 3 == 0 ? "like" : "hate")}\n");
        }
        await TrainAsync(folder, table.ToString(), "data.tsv", "kind: text, length: 8", "lstm-text");
        JsonElement report = await QuantizeAsync(folder, "data.tsv", "data.tsv", "--scheme", "dynamic", "--metric", "f1");
        Assert.Equal("f1", report.GetProperty("metric").GetString());
        Assert.InRange(report.GetProperty("drop").GetDouble(), -0.05, 0.05);
        Assert.Equal("dynamic", (await PackAsync(folder)).Quantization!.Scheme);
    }

    private static async Task TrainAsync(TemporaryFolder folder, string table, string name, string data, string model)
    {
        File.WriteAllText(folder[name], table);
        File.WriteAllText(folder["wrong.csv"], "cold,dark\n1,2\n3,4\n5,6\n7,8\n9,10\n");
        File.WriteAllText(folder["r.yaml"], $$"""
            data: {source: {{folder[name]}}, {{data}}}
            model: {name: {{model}}}
            training: {epochs: 2, batch: 32}
            """);
        CommandResult trained = await EdgeCommand.RunAsync("train", folder["r.yaml"], "-o", folder["m.onnx"]);
        Assert.True(trained.ExitCode == 0, trained.Error);
    }

    private static async Task<JsonElement> QuantizeAsync(TemporaryFolder folder, string calib, string eval, params string[] more)
    {
        CommandResult result = await EdgeCommand.RunAsync(["quantize", folder["m.onnx"], "--calib", folder[calib], "--eval", folder[eval], "-o", folder["m8.onnx"], "--json", .. more]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement.Clone();
    }

    private static async Task<Manifest> PackAsync(TemporaryFolder folder)
    {
        CommandResult packed = await EdgeCommand.RunAsync("package", folder["m8.onnx"], "--unsigned", "-o", folder["m8.edgepkg"]);
        Assert.True(packed.ExitCode == 0, packed.Error);
        Package package = Package.Open(folder["m8.edgepkg"], PackageTrust.AllowUnsigned);
        using LoadedModel loaded = LoadedModel.Open(package);
        using ModelSession session = loaded.CreateSession();
        Assert.Null(GoldenCheck.Run(package, session).Failed);
        return package.Manifest;
    }
}
