using System.Text.Json;
using Edge.Cli.Tests.Analysis;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary><c>edge import</c> as a user types it.</summary>
public sealed class ImportTests
{
    [Theory]
    [InlineData("ultraface/version-RFB-320.onnx")]
    [InlineData("blazeface/face_detection_front_128x128_barracuda.onnx")]
    [InlineData("silero-vad/silero_vad_v5.onnx")]
    [InlineData("mnist/mnist.onnx")]
    [InlineData("yunet/yunet_n_320_320.onnx")]
    public async Task Import_RealModel_IsUpgradedProvenAndNoLarger(string file)
    {
        using var folder = new TemporaryFolder();
        string source = SharedData.Path(["models", .. file.Split('/')]);
        CommandResult result = await EdgeCommand.RunAsync("import", source, "-o", folder["m.onnx"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.Equal(17, report.RootElement.GetProperty("opsetAfter").GetInt32());
        Assert.True(report.RootElement.GetProperty("nodesAfter").GetInt32() <= report.RootElement.GetProperty("nodesBefore").GetInt32());
        JsonElement proof = Assert.Single(report.RootElement.GetProperty("proofs").EnumerateArray());
        Assert.InRange(proof.GetProperty("runs").GetInt32(), 1, 100);
        Assert.Equal(17, OnnxModel.Load(folder["m.onnx"]).Opset);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Import_Uint8AndNormalization_TakesRawPixels()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier("batch").Save(folder["m.onnx"]);
        // Channels of one mean: a Conv that pads can take it on.
        CommandResult result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["raw.onnx"], "--uint8", "--normalize", "scale=1/255:mean=0.5:std=0.25");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("the changed input", result.Output, StringComparison.Ordinal);

        byte[] pixels = new byte[4 * 16 * 16];
        new Random(5).NextBytes(pixels);
        float[] normalized = Array.ConvertAll(pixels, pixel => ((pixel / 255f) - 0.5f) / 0.25f);
        using var before = new EngineSession(OnnxModel.Load(folder["m.onnx"]));
        using var after = new EngineSession(OnnxModel.Load(folder["raw.onnx"]));
        float[] expected = before.Run(new Dictionary<string, OnnxTensor> { ["picture"] = OnnxTensor.From<float>(normalized, 1, 4, 16, 16) })[0].ToArray<float>();
        float[] actual = after.Run(new Dictionary<string, OnnxTensor> { ["picture"] = OnnxTensor.From<byte>(pixels, 1, 4, 16, 16) })[0].ToArray<float>();
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], actual[index], 1e-4f);
        }
    }

    [Fact]
    public async Task Import_NhwcModel_TakesNchw()
    {
        using var folder = new TemporaryFolder();
        string source = SharedData.Path("models", "blazeface", "face_detection_front_128x128_barracuda.onnx");
        CommandResult result = await EdgeCommand.RunAsync("import", source, "-o", folder["m.onnx"], "--nchw");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("[1,3,128,128]", OnnxModel.Load(folder["m.onnx"]).Graph.Inputs[0].Shape!.ToString());
    }

    [Fact]
    public async Task Import_FixedInput_HasNoOpenSizes()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier("batch").Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["fixed.onnx"], "--input", "picture=3,4,16,16");
        Assert.True(result.ExitCode == 0, result.Error);
        OnnxModel model = OnnxModel.Load(folder["fixed.onnx"]);
        Assert.Equal("[3,4,16,16]", model.Graph.Inputs[0].Shape!.ToString());
        Assert.Equal("[3,10]", model.Graph.Outputs[0].Shape!.ToString());
    }

    [Fact]
    public async Task Import_Float16_HalvesTheWeightsAndSaysWhatItCosts()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 64));
        graph.AddOutput(graph.AddNode("MatMul", [x, graph.AddInitializer("w", GeneratedModels.Weight(64, 512))], ["y"]).Outputs[0]!);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["half.onnx"], "--float16");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.InRange(new FileInfo(folder["half.onnx"]).Length, 0.45 * new FileInfo(folder["m.onnx"]).Length, 0.55 * new FileInfo(folder["m.onnx"]).Length);
        Assert.Contains("signal to noise", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WeightsThatFloat16CannotHold_AreNotWritten()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 64));
        // Below the smallest step of float16.
        float[] tiny = new float[64 * 64];
        Array.Fill(tiny, 2.5e-8f);
        graph.AddOutput(graph.AddNode("MatMul", [x, graph.AddInitializer("w", OnnxTensor.From<float>(tiny, 64, 64))], ["y"]).Outputs[0]!);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["half.onnx"], "--float16");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("signal-to-noise", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["half.onnx"]));
    }

    [Theory]
    [InlineData("--input pictur=1,4,16,16", "did you mean|is 'picture' meant")]
    [InlineData("--input picture=1,4,16", "axes")]
    [InlineData("--input picture=1,5,16,16", "not change axis 1")]
    [InlineData("--input picture", "no name with sizes")]
    [InlineData("--opset 99", "cannot be reached")]
    [InlineData("--opset 9", "can only be upgraded")]
    [InlineData("--normalize mean=x", "not understood")]
    [InlineData("--normalize std=0", "not zero")]
    [InlineData("--normalize mean=1,2,3,4", "pads")]
    [InlineData("--uint8 --picture nothing", "has no input 'nothing'")]
    [InlineData("--nchw", "already")]
    public async Task Import_WrongArgument_SaysWhichAndWritesNothing(string arguments, string hint)
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier("batch").Save(folder["m.onnx"]);
        Assert.Matches(hint, await EdgeCommand.RefusedAsync(["import", folder["m.onnx"], "-o", folder["out.onnx"], .. arguments.Split(' ')]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Import_FolderThatIsNotThere_IsRefusedBeforeTheWork()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier(1).Save(folder["m.onnx"]);
        Assert.Contains("does not exist", await EdgeCommand.RefusedAsync("import", folder["m.onnx"], "-o", folder["nowhere/out.onnx"]), StringComparison.Ordinal);
    }
}
