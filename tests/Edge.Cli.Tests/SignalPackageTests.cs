using System.Globalization;
using System.Text;
using Edge.Foundation;
using Edge.Inference;
using Edge.Inference.Text;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Models of readings and of texts in packages: what a device needs beside the weights goes with them.</summary>
public sealed class SignalPackageTests
{
    [Fact]
    public async Task Package_ModelOfReadings_HasColumnsAndStatistics()
    {
        using var folder = new TemporaryFolder();
        var random = new SplitMix64(1);
        var table = new StringBuilder("warmth,light,label\n");
        for (int i = 0; i < 300; i++)
        {
            bool isOn = i / 30 % 2 == 0;
            table.Append(CultureInfo.InvariantCulture, $"{20 + random.NextDouble()},{(isOn ? 400 : 10) + (50 * random.NextDouble())},{(isOn ? "on" : "off")}\n");
        }
        Package package = await TrainAndPackAsync(folder, table.ToString(), "kind: table, columns: [warmth, light], labels: label, window: 4", "gru-sensor", "sensor-classify");
        SensorSpec sensor = package.Manifest.Sensor!;
        Assert.Equal((ModelTask.SensorClassify, 4), (package.Manifest.Task, sensor.Window));
        Assert.Equal(["warmth", "light"], sensor.Columns);
        Assert.Equal(20.5, sensor.Mean[0], 0.1);
        Assert.InRange(sensor.Std[1], 150, 250);
        Assert.Equal(["off", "on"], package.Labels.Order());
    }

    [Fact]
    public async Task Package_ModelOfTexts_HasItsVocabulary()
    {
        using var folder = new TemporaryFolder();
        var table = new StringBuilder();
        for (int i = 0; i < 120; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "good fine lovely" : "bad poor awful")} thing number {i}\t{(i % 2 == 0 ? "like" : "hate")}\n");
        }
        Package package = await TrainAndPackAsync(folder, table.ToString(), "kind: text, length: 8", "lstm-text", "text-classify", ".tsv");
        Vocabulary vocabulary = Vocabulary.Parse(package.ReadFile(PackagePath.Vocabulary).Span);
        Assert.Equal((ModelTask.TextClassify, 8, 8), (package.Manifest.Task, package.Manifest.Text!.Length, vocabulary.Length));
        Assert.True(vocabulary.Count > 8);
        Assert.Equal(["hate", "like"], package.Labels.Order());
    }

    private static async Task<Package> TrainAndPackAsync(TemporaryFolder folder, string table, string data, string model, string task, string extension = ".csv")
    {
        File.WriteAllText(folder["data" + extension], table);
        File.WriteAllText(folder["r.yaml"], $$"""
            data: {source: {{folder["data" + extension]}}, {{data}}}
            model: {name: {{model}}}
            training: {epochs: 1, batch: 32}
            """);
        CommandResult trained = await EdgeCommand.RunAsync("train", folder["r.yaml"], "-o", folder["m.onnx"]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        CommandResult packed = await EdgeCommand.RunAsync("package", folder["m.onnx"], "--unsigned", "-o", folder["m.edgepkg"], "--json");
        Assert.True(packed.ExitCode == 0, packed.Error);
        Assert.Contains($"\"{task}\"", packed.Output, StringComparison.Ordinal);
        Package package = Package.Open(folder["m.edgepkg"], PackageTrust.AllowUnsigned);
        using LoadedModel loaded = LoadedModel.Open(package);
        using ModelSession session = loaded.CreateSession();
        GoldenResult golden = GoldenCheck.Run(package, session);
        Assert.Equal((1, null), (golden.Cases, golden.Failed));
        return package;
    }
}
