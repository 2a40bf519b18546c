using System.Text.Json;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>What <c>edge quantize</c> offers beyond the straight line.</summary>
public sealed class QuantizeTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Fact]
    public async Task Quantize_WithPageAndExplanation_WritesBothAndKeepsTheCalibration()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["q.onnx"], "--html", folder["q.html"], "--cache", folder["q.calib"], "--max-drop", "0.05", "--explain", Layer(trained.Path));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("chosen range", result.Output, StringComparison.Ordinal);
        Assert.Contains("libtorch agrees", result.Output, StringComparison.Ordinal);
        Assert.Contains("Signal over noise by layer", File.ReadAllText(folder["q.html"]), StringComparison.Ordinal);
        CommandResult again = await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["r.onnx"], "--cache", folder["q.calib"], "--method", "mse", "--json");
        Assert.Contains("the calibration is known", again.Error, StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(again.Output);
        Assert.Equal("least squared error", report.RootElement.GetProperty("calibration").GetString());
    }

    [Theory]
    [InlineData("int4weights")]
    [InlineData("dynamic")]
    [InlineData("float16")]
    [InlineData("bfloat16")]
    public async Task Quantize_OtherScheme_StaysAccurateAndSmaller(string scheme)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["q.onnx"], "--scheme", scheme, "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.InRange(report.RootElement.GetProperty("drop").GetDouble(), -0.02, 0.02);
        Assert.True(report.RootElement.GetProperty("bytesRatio").GetDouble() < 0.65);
    }

    [Theory]
    [InlineData("--max-drop", "2", "--max-drop 2")]
    [InlineData("--explain", "nowhere", "'edge inspect' lists them")]
    [InlineData("--keep-float", "nowhere", "'nowhere'")]
    [InlineData("--target", "abacus", "target 'abacus' is unknown")]
    public async Task Quantize_WrongOption_IsRefusedInOneLine(string option, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, await EdgeCommand.RefusedAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["q.onnx"], option, value), StringComparison.Ordinal);
    }

    private static string Layer(string model) => Edge.Graph.OnnxModel.Load(model).Graph.Nodes.First(node => node.OpType == "Gemm").Name;
}
