using System.Text.Json;
using Edge.Cli.Tests.Analysis;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary><c>edge diff</c> as a user types it.</summary>
public sealed class DiffTests
{
    [Fact]
    public async Task Diff_SameModel_ExitsWith0()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier("batch").Save(folder["a.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("diff", folder["a.onnx"], folder["a.onnx"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("are the same", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_OneWeightScaled_NamesTheLayerAndTheRatio()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = GeneratedModels.Classifier("batch");
        model.Save(folder["a.onnx"]);
        Value weight = model.Graph.Find("w2")!;
        model.Graph.SetConstant(weight, OnnxTensor.From<float>(Array.ConvertAll(weight.Constant!.ToArray<float>(), item => item * 1.25f), weight.Constant.Dims));
        model.Save(folder["b.onnx"]);
        using JsonDocument document = await CompareAsync(folder, "a.onnx", "b.onnx");
        JsonElement change = Assert.Single(document.RootElement.GetProperty("weights").EnumerateArray());
        Assert.Equal("Conv node 'depthwise'", change.GetProperty("layer").GetString());
        Assert.Equal(0.25, change.GetProperty("relative").GetDouble(), 5);
        JsonElement output = Assert.Single(document.RootElement.GetProperty("outputs").EnumerateArray());
        Assert.False(output.GetProperty("isEqual").GetBoolean());
        Assert.True(output.GetProperty("sqnrDecibels").GetDouble() > 0);
        Assert.Equal(0, document.RootElement.GetProperty("added").GetArrayLength());
    }

    [Fact]
    public async Task Diff_NodeAddedAndAttributeChanged_SaysBoth()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = GeneratedModels.Classifier(1);
        model.Save(folder["a.onnx"]);
        Node first = model.Graph.Nodes.First!;
        first.Attributes.Set("pads", [0L, 0, 1, 1]);
        Node relu = first.Next!;
        Node extra = model.Graph.AddNode("Sigmoid", [relu.Outputs[0]], ["extra_out"], "extra", relu.Next);
        extra.Next!.SetInput(0, extra.Outputs[0]);
        model.Save(folder["b.onnx"]);
        using JsonDocument document = await CompareAsync(folder, "a.onnx", "b.onnx");
        Assert.Equal("Sigmoid node 'extra'", Assert.Single(document.RootElement.GetProperty("added").EnumerateArray()).GetString());
        Assert.Equal("Conv node 'first': pads [1,1,1,1] → [0,0,1,1]", Assert.Single(document.RootElement.GetProperty("changed").EnumerateArray()).GetString());
        Assert.Equal(0, document.RootElement.GetProperty("removed").GetArrayLength());
    }

    [Fact]
    public async Task Diff_EveryNameOther_StillPairsLayers()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = GeneratedModels.Classifier(1);
        model.Save(folder["a.onnx"]);
        int index = 0;
        foreach (Node node in model.Graph.Nodes)
        {
            node.Name = $"n{index}";
            model.Graph.Rename(node.Outputs[0]!, $"v{index++}");
        }
        model.Save(folder["b.onnx"]);
        using JsonDocument document = await CompareAsync(folder, "a.onnx", "b.onnx");
        Assert.Equal(0, document.RootElement.GetProperty("removed").GetArrayLength());
        Assert.Equal(5, document.RootElement.GetProperty("sameWeights").GetInt32());
        Assert.All(document.RootElement.GetProperty("outputs").EnumerateArray(), output => Assert.True(output.GetProperty("isEqual").GetBoolean()));
    }

    [Fact]
    public async Task Diff_WeightsInFloat16_AreComparedWithWhatTheyStandFor()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 64));
        graph.AddOutput(graph.AddNode("MatMul", [x, graph.AddInitializer("w", GeneratedModels.Weight(64, 64))], ["y"], "layer").Outputs[0]!);
        new OnnxModel(graph).Save(folder["a.onnx"]);
        CommandResult imported = await EdgeCommand.RunAsync("import", folder["a.onnx"], "-o", folder["b.onnx"], "--float16");
        Assert.True(imported.ExitCode == 0, imported.Error);
        using JsonDocument document = await CompareAsync(folder, "a.onnx", "b.onnx");
        JsonElement change = Assert.Single(document.RootElement.GetProperty("weights").EnumerateArray());
        Assert.Contains("float16", change.GetProperty("type").GetString(), StringComparison.Ordinal);
        // Half a step of 11 bits at most.
        Assert.InRange(change.GetProperty("relative").GetDouble(), 1e-6, 1.0 / 2048);
    }

    [Fact]
    public async Task Diff_FileThatIsNoModel_ExitsWith2()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier(1).Save(folder["a.onnx"]);
        File.WriteAllText(folder["b.onnx"], "this is no model");
        Assert.Contains("b.onnx", await EdgeCommand.RefusedAsync("diff", folder["a.onnx"], folder["b.onnx"]), StringComparison.Ordinal);
    }

    private static async Task<JsonDocument> CompareAsync(TemporaryFolder folder, string first, string second)
    {
        CommandResult result = await EdgeCommand.RunAsync("diff", folder[first], folder[second], "--json");
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.Output);
    }
}
