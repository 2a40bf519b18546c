using System.Text.Json;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>The straight line through the commands, as a user types them.</summary>
public sealed class PipelineTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Fact]
    public async Task Eval_TrainedModel_IsAccurateAndSaysSoInJson()
    {
        CommandResult result = await EdgeCommand.RunAsync("eval", trained.Path, "--data", trained.Data, "--json");
        Assert.Equal(0, result.ExitCode);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.True(report.RootElement.GetProperty("accuracy").GetDouble() > 0.9);
        Assert.Equal(400, report.RootElement.GetProperty("samples").GetInt32());
        Assert.Equal(4, report.RootElement.GetProperty("classes").GetArrayLength());
    }

    [Fact]
    public async Task QuantizePackageVerify_TrainedModel_GiveASignedInt8Package()
    {
        using var folder = new TemporaryFolder();
        CommandResult quantized = await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["int8.onnx"], "--json");
        Assert.True(quantized.ExitCode == 0, quantized.Error);
        using JsonDocument report = JsonDocument.Parse(quantized.Output);
        Assert.InRange(report.RootElement.GetProperty("drop").GetDouble(), -0.01, 0.01);
        Assert.InRange(report.RootElement.GetProperty("bytesRatio").GetDouble(), 0.2, 0.4);
        Assert.True(File.Exists(folder["int8.report.json"]));

        string[] results = [.. Enumerable.Range(0, 8).Select(i => $$$"""{"pipeline":"p","sequence":{{{i + 1}}},"time":"2025-01-01T00:00:00Z","source":"x","classes":[{"index":{{{i % 2}}},"score":0.95}],"latencyMs":{"decode":0,"preprocess":0,"infer":0,"postprocess":0,"total":0},"model":{"name":"m","version":"1.0.0","release":1}}""")];
        File.WriteAllLines(folder["results.jsonl"], results);
        CommandResult packaged = await EdgeCommand.RunAsync("package", folder["int8.onnx"], "--key", trained.Key, "--reference", folder["results.jsonl"], "-o", folder["corner.edgepkg"], "--name", "corner", "--version", "1.2.0", "--release", "7");
        Assert.True(packaged.ExitCode == 0, packaged.Error);
        CommandResult verified = await EdgeCommand.RunAsync("verify", folder["corner.edgepkg"], "--trust", trained.Key + ".pub");
        Assert.True(verified.ExitCode == 0, verified.Error);

        Manifest manifest = Package.Open(folder["corner.edgepkg"], PackageTrust.Load(trained.Key + ".pub")).Manifest;
        Assert.Equal(("corner", "1.2.0", 7L), (manifest.Name, manifest.Version, manifest.Release));
        Assert.Equal((SmallData.Side, SmallData.Side, 1), (manifest.Input!.Width, manifest.Input!.Height, manifest.Input!.Channels));
        Assert.Equal("qdq-int8", manifest.Quantization!.Scheme);
        Assert.Equal("mlp", manifest.Training!.Architecture);
        Assert.Contains(manifest.Files, file => file.Path == "labels.txt");
        Assert.Single(manifest.Golden!.Cases);
        Assert.Equal([0.5, 0.5, 0, 0], manifest.Reference!.Classes!);
        Assert.Equal(1, manifest.Reference.Confidence![9]);
    }

    [Fact]
    public async Task Train_SameSeed_GivesTheSameFile()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "a.onnx", "b.onnx" })
        {
            CommandResult result = await EdgeCommand.RunAsync("train", "mlp", "--data", trained.Data, "-o", folder[name], "--epochs", "1", "--dropout", "0.3", "--seed", "9");
            Assert.True(result.ExitCode == 0, result.Error);
        }
        Assert.Equal(WithoutTimes(folder["a.onnx"]), WithoutTimes(folder["b.onnx"]));
    }

    [Fact]
    public async Task Inspect_TrainedModel_ListsItsOperators()
    {
        CommandResult result = await EdgeCommand.RunAsync("inspect", trained.Path, "--json");
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.Contains("Gemm", report.RootElement.GetProperty("summary").GetProperty("operators").EnumerateArray().Select(item => item.GetProperty("operator").GetString()));
        Assert.Equal(0, report.RootElement.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task Export_ModelWithDropout_LosesIt()
    {
        using var folder = new TemporaryFolder();
        await EdgeCommand.RunAsync("train", "mlp", "--data", trained.Data, "-o", folder["m.onnx"], "--epochs", "1", "--dropout", "0.3");
        CommandResult result = await EdgeCommand.RunAsync("export", folder["m.onnx"], "-o", folder["clean.onnx"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("remove Dropout: 1", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Graph.OnnxModel.Load(folder["clean.onnx"]).Graph.Nodes, node => node.OpType == "Dropout");
    }

    private static IEnumerable<byte[]> WithoutTimes(string path) =>
        Graph.OnnxModel.Load(path).Graph.Initializers.Select(value => value.Constant!.Bytes.ToArray());
}
