using System.Text.Json;
using Edge.Inference;
using Edge.Packages;
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

    [Fact]
    public async Task Quantize_UInt8Input_IsPackedAndJudgedAsElements()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["q.onnx"], "--uint8-input", "--repair", "adaround", "--method", "minmax", "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.Equal(Edge.Graph.ElementType.UInt8, Edge.Graph.OnnxModel.Load(folder["q.onnx"]).Graph.Inputs[0].ElementType);
        CommandResult eval = await EdgeCommand.RunAsync("eval", folder["q.onnx"], "--data", trained.Data, "--json");
        using JsonDocument judged = JsonDocument.Parse(eval.Output);
        Assert.Equal(report.RootElement.GetProperty("int8Value").GetDouble(), judged.RootElement.GetProperty("accuracy").GetDouble(), 12);
        CommandResult packed = await EdgeCommand.RunAsync("package", folder["q.onnx"], "--unsigned", "-o", folder["q.edgepkg"]);
        Assert.True(packed.ExitCode == 0, packed.Error);
        Package package = Package.Open(folder["q.edgepkg"], PackageTrust.AllowUnsigned);
        Assert.Equal(InputType.UInt8, package.Manifest.Input!.Dtype);
        Assert.True(package.Manifest.Input.Quantization!.Scale > 0);
        using LoadedModel loaded = LoadedModel.Open(package);
        using ModelSession session = loaded.CreateSession();
        Assert.Null(GoldenCheck.Run(package, session).Failed);
    }

    [Fact]
    public async Task Diff_FloatAndQuantized_ComparesLayerByLayer()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["q.onnx"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        CommandResult diff = await EdgeCommand.RunAsync("diff", trained.Path, folder["q.onnx"], "--layers", "--json");
        using JsonDocument report = JsonDocument.Parse(diff.Output);
        JsonElement[] layers = [.. report.RootElement.GetProperty("layers").EnumerateArray()];
        Assert.True(layers.Length >= 2, diff.Output);
    }

    [Fact]
    public async Task Quantize_BadData_IsRefusedInOneLine()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        Directory.CreateDirectory(folder["broken"]);
        File.WriteAllText(folder["broken/a.png"], "no picture");
        async Task<string> Refused(string calib) => await EdgeCommand.RefusedAsync("quantize", trained.Path, "--calib", folder[calib], "-o", folder["q.onnx"]);
        Assert.Contains("holds no samples", await Refused("empty"), StringComparison.Ordinal);
        Assert.Contains("a.png", await Refused("broken"), StringComparison.Ordinal);
        Assert.Contains("missing", await Refused("missing"), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["q.onnx"]));
        // A model whose layers with weights stand inside of a branch, and one that has none.
        Edge.Graph.OnnxModel none = new(new Edge.Graph.OnnxGraph("none"));
        Edge.Graph.Value x = none.Graph.AddInput("x", Edge.Graph.ElementType.Float, Edge.Graph.TensorShape.Of(1, 1, 12, 12));
        none.Graph.AddOutput(none.Graph.AddNode("Relu", [x], ["y"], "relu").Outputs[0]!);
        none.Save(folder["none.onnx"]);
        Assert.Contains("nothing of the model can be quantized", await EdgeCommand.RefusedAsync("quantize", folder["none.onnx"], "--data", trained.Data, "-o", folder["q.onnx"]), StringComparison.Ordinal);
        Edge.Graph.OnnxModel infinite = Edge.Graph.OnnxModel.Load(trained.Path);
        Edge.Graph.Value weight = infinite.Graph.Nodes.First(node => node.OpType == "Gemm").Inputs[1]!;
        float[] values = weight.Constant!.ToArray<float>();
        values[0] = float.NaN;
        infinite.Graph.SetConstant(weight, Edge.Graph.OnnxTensor.From<float>(values, weight.Constant.Dims));
        infinite.Save(folder["nan.onnx"]);
        Assert.Contains("NaN", await EdgeCommand.RefusedAsync("quantize", folder["nan.onnx"], "--data", trained.Data, "-o", folder["q.onnx"]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["q.onnx"]));
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
