using System.Text.Json;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>What <c>edge inspect</c> says of each execution provider.</summary>
public sealed class ProviderTests
{
    [Fact]
    public async Task Inspect_EveryProvider_CountsItsNodesAndSaysWhatItStandsOn()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3, 8, 8));
        Value c = graph.AddNode("Conv", [x, graph.AddInitializer("w", OnnxTensor.From<float>(new float[3], 1, 3, 1, 1))], ["c"]).Outputs[0]!;
        Value r = graph.AddNode("Relu", [c], ["r"]).Outputs[0]!;
        Value h = graph.AddNode("Hardmax", [r], ["h"]).Outputs[0]!;
        graph.AddOutput(graph.AddNode("Det", [h], ["d"]).Outputs[0]!);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["m.onnx"], "--json", "--html", folder["page.html"]);
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Dictionary<string, JsonElement> providers = report.RootElement.GetProperty("support").GetProperty("providers").EnumerateArray().ToDictionary(item => item.GetProperty("provider").GetString()!);
        Assert.Equal(["cpu", "tensorrt", "cuda", "xnnpack", "acl"], providers.Keys);
        Assert.Equal(
            ["cpu 4 ", "tensorrt 2 Det,Hardmax", "cuda 2 Det,Hardmax", "xnnpack 1 Det,Hardmax,Relu", "acl 1 Det,Hardmax,Relu"],
            providers.Select(pair => $"{pair.Key} {pair.Value.GetProperty("supported").GetInt32()} {string.Join(',', pair.Value.GetProperty("operators").EnumerateArray().Select(item => item.GetProperty("operator").GetString()))}"));
        Assert.All(providers, pair =>
        {
            Assert.Equal(pair.Key == "cpu", pair.Value.GetProperty("isMeasured").GetBoolean());
            Assert.Equal(4, pair.Value.GetProperty("supported").GetInt32() + pair.Value.GetProperty("unsupported").GetInt32());
            Assert.Equal(pair.Key != "cpu", pair.Value.GetProperty("basis").GetString()!.StartsWith("documented, not measured here", StringComparison.Ordinal));
        });
        Assert.Contains("documented, not measured here", File.ReadAllText(folder["page.html"]), StringComparison.Ordinal);
        // The kernel for Relu of the Arm Compute Library is registered for version 6, the model has version 14.
        Assert.Contains("other versions", providers["acl"].GetProperty("operators").EnumerateArray().Single(item => item.GetProperty("operator").GetString() == "Relu").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OperatorThatTheCpuLacks_IsNamedByAskingTheEngine()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.BFloat16, TensorShape.Of(4));
        // ONNX allows bfloat16 here; the engine's CPU kernels do not.
        Value e = graph.AddNode("Erf", [x], ["e"]).Outputs[0]!;
        graph.AddOutput(graph.AddNode("Identity", [e], ["y"]).Outputs[0]!);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["m.onnx"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        JsonElement cpu = report.RootElement.GetProperty("support").GetProperty("providers")[0];
        Assert.Equal((1, 1), (cpu.GetProperty("supported").GetInt32(), cpu.GetProperty("unsupported").GetInt32()));
        Assert.Equal("Erf", Assert.Single(cpu.GetProperty("operators").EnumerateArray()).GetProperty("operator").GetString());
    }
}
