using System.Text;
using System.Text.Json;
using Edge.Cli.Tests.Analysis;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Real inputs from files: <c>--samples</c> of diff, import and inspect.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Diff_NpyPbAndBin_CompareOnThoseInputs()
    {
        using var folder = new TemporaryFolder();
        float[] data = [1, -2, 3, -4];
        // Relu and Abs differ only where an input is negative; the random inputs of a run may or may not be.
        Activation("Relu").Save(folder["relu.onnx"]);
        Activation("Abs").Save(folder["abs.onnx"]);
        byte[] bytes = [.. data.SelectMany(BitConverter.GetBytes)];
        File.WriteAllBytes(folder["x.npy"], [0x93, .. "NUMPY"u8, 1, 0, 60, 0, .. Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 4), }".PadRight(59) + "\n"), .. bytes]);
        File.WriteAllBytes(folder["x.bin"], bytes);
        // A TensorProto: dims [1,4], float32, raw data.
        File.WriteAllBytes(folder["x.pb"], [0x08, 1, 0x08, 4, 0x10, 1, 0x4a, 16, .. bytes]);
        foreach (string file in new[] { "x.npy", "x.bin", "x.pb" })
        {
            using JsonDocument report = await DiffAsync(folder, "--inputs", folder[file]);
            Assert.True(report.RootElement.GetProperty("areGiven").GetBoolean());
            Assert.Equal(1, report.RootElement.GetProperty("runs").GetInt32());
            JsonElement output = Assert.Single(report.RootElement.GetProperty("outputs").EnumerateArray());
            Assert.Equal(4, output.GetProperty("maximumAbsolute").GetDouble());
        }
        float[] positive = [1, 2, 3, 4];
        File.WriteAllBytes(folder["x.bin"], [.. positive.SelectMany(BitConverter.GetBytes)]);
        using JsonDocument same = await DiffAsync(folder, "--inputs", folder["x.bin"]);
        Assert.True(Assert.Single(same.RootElement.GetProperty("outputs").EnumerateArray()).GetProperty("isEqual").GetBoolean());
    }

    [Fact]
    public async Task Diff_Pictures_AreBroughtToTheInputsForm()
    {
        string images = SharedData.Path("images", "darknet");
        using var folder = new TemporaryFolder();
        Picture("Identity").Save(folder["relu.onnx"]);
        Picture("Neg").Save(folder["abs.onnx"]);
        using JsonDocument unit = await DiffAsync(folder, "--inputs", images);
        Assert.Equal(Directory.GetFiles(images, "*.jpg").Length, unit.RootElement.GetProperty("runs").GetInt32());
        // The mean of a picture of 0 to 1, and its negative, lie apart by no more than 2.
        Assert.InRange(Assert.Single(unit.RootElement.GetProperty("outputs").EnumerateArray()).GetProperty("maximumAbsolute").GetDouble(), 0.1, 2);
        using JsonDocument raw = await DiffAsync(folder, "--inputs", images, "--normalize", "scale=1");
        Assert.InRange(Assert.Single(raw.RootElement.GetProperty("outputs").EnumerateArray()).GetProperty("maximumAbsolute").GetDouble(), 20, 510);
    }

    [Fact]
    public async Task Diff_Layers_ComparesWhatNodesMakeByName()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = GeneratedModels.Classifier("batch");
        model.Save(folder["relu.onnx"]);
        Value weight = model.Graph.Find("w2")!;
        model.Graph.SetConstant(weight, OnnxTensor.From<float>(Array.ConvertAll(weight.Constant!.ToArray<float>(), item => item * 1.25f), weight.Constant.Dims));
        model.Save(folder["abs.onnx"]);
        using JsonDocument report = await DiffAsync(folder, "--layers");
        Dictionary<string, JsonElement> layers = report.RootElement.GetProperty("layers").EnumerateArray().ToDictionary(layer => layer.GetProperty("delta").GetProperty("output").GetString()!);
        Assert.Equal(["c1", "r1", "c2", "p", "f"], layers.Keys);
        Assert.True(layers["r1"].GetProperty("delta").GetProperty("isEqual").GetBoolean());
        Assert.Equal("Conv node 'depthwise'", layers["c2"].GetProperty("layer").GetString());
        Assert.Equal(0.25, layers["c2"].GetProperty("delta").GetProperty("relative").GetDouble(), 4);
        Assert.Equal(10 * Math.Log10(16), layers["c2"].GetProperty("delta").GetProperty("sqnrDecibels").GetDouble(), 2);
    }

    [Fact]
    public async Task Import_SamplesOfSeveralInputs_ProveTheModel()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value a = graph.AddInput("a", ElementType.Float, TensorShape.Of(2));
        Value b = graph.AddInput("b", ElementType.Float, TensorShape.Of(2));
        graph.AddOutput(graph.AddNode("Add", [graph.AddNode("Identity", [a], ["i"]).Outputs[0], b], ["y"]).Outputs[0]!);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        File.WriteAllBytes(folder["a.bin"], new byte[8]);
        Directory.CreateDirectory(folder["test_data_set_0"]);
        File.WriteAllBytes(folder["test_data_set_0/input_1.bin"], new byte[8]);
        CommandResult result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["out.onnx"], "--json", "--samples", folder["a.bin"], folder["test_data_set_0"]);
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        JsonElement proof = Assert.Single(report.RootElement.GetProperty("proofs").EnumerateArray());
        Assert.Equal((3, 1), (proof.GetProperty("runs").GetInt32(), proof.GetProperty("samples").GetInt32()));
    }

    [Fact]
    public async Task Import_PicturesWithRawPixels_ProveBothSteps()
    {
        using var folder = new TemporaryFolder();
        string model = SharedData.Path("models", "ultraface", "version-RFB-320.onnx");
        CommandResult result = await EdgeCommand.RunAsync("import", model, "-o", folder["out.onnx"], "--json", "--uint8", "--normalize", "scale=1:mean=127:std=128", "--samples", SharedData.Path("images", "darknet"));
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        Assert.All(report.RootElement.GetProperty("proofs").EnumerateArray(), proof => Assert.Equal(5, proof.GetProperty("samples").GetInt32()));
        Assert.Equal(2, report.RootElement.GetProperty("proofs").GetArrayLength());
    }

    [Fact]
    public async Task Inspect_ProfileOnASample_TakesIt()
    {
        using var folder = new TemporaryFolder();
        Activation("Relu").Save(folder["m.onnx"]);
        File.WriteAllBytes(folder["x.bin"], new byte[16]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["m.onnx"], "--profile", "--samples", folder["x.bin"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        File.WriteAllBytes(folder["x.bin"], new byte[15]);
        Assert.Contains("do not fill", await EdgeCommand.RefusedAsync("inspect", folder["m.onnx"], "--profile", "--samples", folder["x.bin"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere.npy", "no such file")]
    [InlineData("empty", "holds no samples")]
    [InlineData("x.txt", "neither picture nor tensor")]
    [InlineData("double.pb", "takes another type or shape")]
    [InlineData("x.png", "takes no pictures")]
    [InlineData("broken.npy", "not a NumPy file")]
    public async Task Diff_FileThatDoesNotFit_IsNamed(string file, string hint)
    {
        using var folder = new TemporaryFolder();
        Activation("Relu").Save(folder["m.onnx"]);
        Directory.CreateDirectory(folder["empty"]);
        File.WriteAllText(folder["x.txt"], "1 2 3 4");
        File.WriteAllBytes(folder["double.pb"], [0x08, 1, 0x08, 4, 0x10, 11, 0x4a, 32, .. new byte[32]]);
        File.WriteAllBytes(folder["x.png"], [0x89]);
        File.WriteAllText(folder["broken.npy"], "not at all");
        string line = await EdgeCommand.RefusedAsync("diff", folder["m.onnx"], folder["m.onnx"], "--inputs", folder[file]);
        Assert.Contains(hint, line, StringComparison.Ordinal);
        Assert.Contains(file, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_InputWithoutASample_SaysHowToGiveOne()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("g");
        Value a = graph.AddInput("a", ElementType.Float, TensorShape.Of(2));
        Value b = graph.AddInput("b", ElementType.Float, TensorShape.Of(2));
        graph.AddOutput(graph.AddNode("Add", [a, b], ["y"]).Outputs[0]!);
        new OnnxModel(graph).Save(folder["m.onnx"]);
        File.WriteAllBytes(folder["x.bin"], new byte[8]);
        Assert.Contains("Write NAME=x.bin", await EdgeCommand.RefusedAsync("diff", folder["m.onnx"], folder["m.onnx"], "--inputs", folder["x.bin"]), StringComparison.Ordinal);
        Assert.Contains("--fill b=0", await EdgeCommand.RefusedAsync("diff", folder["m.onnx"], folder["m.onnx"], "--inputs", $"a={folder["x.bin"]}"), StringComparison.Ordinal);
        CommandResult result = await EdgeCommand.RunAsync("diff", folder["m.onnx"], folder["m.onnx"], "--inputs", $"a={folder["x.bin"]}", "--fill", "b=1");
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public async Task Import_AllInFloat16_ComputesInFloat16BetweenFloat32Ports()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Classifier(1).Save(folder["m.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["half.onnx"], "--float16", "all");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("computing in float16", result.Output, StringComparison.Ordinal);
        OnnxModel half = OnnxModel.Load(folder["half.onnx"]);
        Assert.Equal((ElementType.Float, ElementType.Float), (half.Graph.Inputs[0].ElementType, half.Graph.Outputs[0].ElementType));
        Assert.All(half.Graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm"), node => Assert.Equal(ElementType.Float16, node.Inputs[1]!.ElementType));
        result = await EdgeCommand.RunAsync("import", folder["m.onnx"], "-o", folder["ports.onnx"], "--float16", "all", "--float16-io");
        Assert.True(result.ExitCode == 0, result.Error);
        OnnxModel ports = OnnxModel.Load(folder["ports.onnx"]);
        Assert.Equal((ElementType.Float16, ElementType.Float16), (ports.Graph.Inputs[0].ElementType, ports.Graph.Outputs[0].ElementType));
        Assert.Equal(("picture", half.Graph.Outputs[0].Name), (ports.Graph.Inputs[0].Name, ports.Graph.Outputs[0].Name));
        Assert.DoesNotContain(ports.Graph.Nodes, node => node.OpType == "Cast");
        using var session = new EngineSession(ports);
        Half[] pixels = new Half[4 * 16 * 16];
        Assert.Equal(ElementType.Float16, session.Run(new Dictionary<string, OnnxTensor> { ["picture"] = OnnxTensor.From<Half>(pixels, 1, 4, 16, 16) })[0].Type);
    }

    [Theory]
    [InlineData("--float16 some", "neither weights nor all")]
    [InlineData("--float16-io", "goes with --float16 all")]
    [InlineData("--float16 weights --float16-io", "goes with --float16 all")]
    public async Task Import_OddFloat16_IsRefused(string arguments, string hint) =>
        Assert.Contains(hint, await EdgeCommand.RefusedAsync(["import", "m.onnx", "-o", "out.onnx", .. arguments.Split(' ')]), StringComparison.Ordinal);

    private static OnnxModel Activation(string operation)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 4));
        graph.AddOutput(graph.AddNode(operation, [x], ["y"]).Outputs[0]!);
        return new OnnxModel(graph);
    }

    private static OnnxModel Picture(string operation)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3, 24, 32));
        graph.AddOutput(graph.AddNode(operation, [graph.AddNode("GlobalAveragePool", [x], ["mean"]).Outputs[0]], ["y"]).Outputs[0]!);
        return new OnnxModel(graph);
    }

    private static async Task<JsonDocument> DiffAsync(TemporaryFolder folder, params string[] arguments)
    {
        CommandResult result = await EdgeCommand.RunAsync(["diff", folder["relu.onnx"], folder["abs.onnx"], "--json", .. arguments]);
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.Output);
    }
}
