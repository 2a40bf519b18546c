using System.Text.Json;
using Edge.Cli.Tests.Analysis;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary><c>edge inspect</c> as a user types it.</summary>
public sealed class InspectTests
{
    [Fact]
    public async Task Inspect_Json_HoldsCostMeaningSupportAndEveryLayer()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier("batch").Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["m.onnx"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement report = document.RootElement;
        Assert.Equal((8 * 64 * 36) + (8 * 36 * 9) + 80, report.GetProperty("cost").GetProperty("multiplyAdds").GetInt64());
        Assert.True(report.GetProperty("cost").GetProperty("assumesBatchOfOne").GetBoolean());
        Assert.Equal(6, report.GetProperty("layers").GetArrayLength());
        Assert.Equal("float32[batch,8,8,8]", report.GetProperty("layers")[0].GetProperty("output").GetString());
        Assert.True(report.GetProperty("support").GetProperty("canTrain").GetBoolean());
        Assert.True(report.GetProperty("support").GetProperty("runsOnCpu").GetBoolean());
        Assert.Contains(report.GetProperty("meanings").EnumerateArray(), item => item.GetProperty("kind").GetString() == "classifier");
    }

    [Fact]
    public async Task Inspect_Profile_SharesTheTimeOut()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Large(60).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["m.onnx"], "--profile", "--json", "--threads", "1");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement[] layers = [.. document.RootElement.GetProperty("layers").EnumerateArray()];
        double sum = layers.Sum(layer => layer.TryGetProperty("timeShare", out JsonElement share) ? share.GetDouble() : 0)
            + document.RootElement.GetProperty("profile").GetProperty("added").EnumerateArray().Sum(item => item.GetProperty("timeShare").GetDouble());
        Assert.Equal(1, sum, 6);
        // The engine joins nodes to convolutions, but each convolution takes time at one node of its group.
        Assert.InRange(layers.Count(layer => layer.TryGetProperty("timeShare", out _)), layers.Count(layer => layer.GetProperty("operator").GetString() == "Conv"), layers.Length);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Inspect_ProfileOfAModelThatNeedsAValue_TakesIt()
    {
        string model = SharedData.Path("models", "silero-vad", "silero_vad_v5.onnx");
        CommandResult result = await EdgeCommand.RunAsync("inspect", model, "--profile", "--fill", "sr=16000", "--input", "input=1,576", "--input", "state=2,1,128", "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        // 16 kHz is the branch of the first If that is taken.
        Assert.Contains(document.RootElement.GetProperty("layers").EnumerateArray(), layer => layer.GetProperty("operator").GetString() == "LSTM"
            && layer.GetProperty("name").GetString()!.Contains("then_branch", StringComparison.Ordinal) && layer.TryGetProperty("timeShare", out _));
    }

    [Fact]
    public async Task Inspect_BrokenModel_ListsProblemsAndExitsWith2()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = GeneratedModels.Classifier(1);
        model.Graph.Nodes.First!.Attributes.Set("strides", "two");
        model.Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["m.onnx"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("problem: Conv node 'first'", result.Output, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("--html nowhere/x.html", "does not exist")]
    [InlineData("--profile --fill pictur=1", "is 'picture' meant")]
    [InlineData("--fill picture", "no name with a number")]
    public async Task Inspect_WrongArgument_SaysWhich(string arguments, string hint)
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier(1).Save(folder["m.onnx"]);
        Assert.Contains(hint, await EdgeCommand.RefusedAsync(["inspect", folder["m.onnx"], .. arguments.Split(' ')]), StringComparison.Ordinal);
    }
}
