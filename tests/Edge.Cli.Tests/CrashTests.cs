using System.Diagnostics;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Models that follow the rules and bring ONNX Runtime down all the same.</summary>
public sealed class CrashTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Theory]
    [InlineData("import")]
    [InlineData("diff")]
    [InlineData("inspect")]
    public async Task AnyVerb_ModelThatCrashesTheEngine_IsOneLine(string verb)
    {
        using var folder = new TemporaryFolder();
        Crasher().Save(folder["m.onnx"]);
        string[] more = verb switch
        {
            "import" => ["-o", folder["out.onnx"]],
            "diff" => [folder["m.onnx"]],
            _ => ["--profile"],
        };
        string line = await EdgeCommand.RefusedAsync([verb, folder["m.onnx"], .. more]);
        Assert.StartsWith($"{folder["m.onnx"]}", line, StringComparison.Ordinal);
        Assert.Contains("ONNX Runtime crashed", line, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("eval")]
    [InlineData("package")]
    [InlineData("quantize")]
    public async Task AnyVerb_TrainedModelThatCrashesTheEngine_IsOneLine(string verb)
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = OnnxModel.Load(trained.Path);
        model.Graph.InsertBehind(model.Graph.Inputs[0], "Trilu", "cut", [model.Graph.AddInitializer("far", OnnxTensor.Scalar(long.MinValue))], "triangle");
        model.Save(folder["m.onnx"]);
        string[] more = verb switch
        {
            "eval" => ["--data", trained.Data],
            "package" => ["--key", trained.Key, "-o", folder["m.edgepkg"]],
            _ => ["--data", trained.Data, "-o", folder["m8.onnx"]],
        };
        string line = await EdgeCommand.RefusedAsync([verb, folder["m.onnx"], .. more]);
        Assert.Contains($"{folder["m.onnx"]}: ONNX Runtime crashed", line, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("import")]
    [InlineData("diff")]
    public async Task AnyVerb_SplitWithAWrongNumberOfOutputs_IsRefusedByTheVerifier(string verb)
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Node node = graph.AddNode("Split", [graph.AddInput("x", ElementType.Float, TensorShape.Of(8))], ["a", "b"], "cut");
        node.Attributes.Set("num_outputs", 7);
        graph.AddOutput(node.Outputs[0]!);
        new OnnxModel(graph, 18).Save(folder["m.onnx"]);
        string line = await EdgeCommand.RefusedAsync([verb, folder["m.onnx"], .. verb == "import" ? new[] { "-o", folder["out.onnx"] } : [folder["m.onnx"]]]);
        Assert.Contains("num_outputs is 7, but it has 2 outputs", line, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task AnyVerb_Ended_TidiesUp()
    {
        using var folder = new TemporaryFolder();
        Analysis.GeneratedModels.Large(300).Save(folder["m.onnx"]);
        Directory.CreateDirectory(folder["scratch"]);
        var info = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "edge"), ["inspect", folder["m.onnx"], "--profile"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["TMPDIR"] = folder["scratch"];
        using Process process = Process.Start(info)!;
        Wait.Until(() => Directory.EnumerateDirectories(folder["scratch"], "edge-profile-*", SearchOption.AllDirectories).Any(), "the profile of a run");
        using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(Directory.GetDirectories(folder["scratch"]));
    }

    private static OnnxModel Crasher()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(8, 8));
        Value k = graph.AddInitializer("k", OnnxTensor.Scalar(long.MinValue));
        graph.AddOutput(graph.AddNode("Trilu", [x, k], ["y"], "triangle").Outputs[0]!);
        return new OnnxModel(graph);
    }
}
