using System.Text;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>What is wrong gets one line and exit code 2, and leaves nothing behind.</summary>
public sealed class BadInputTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Fact]
    public async Task Train_NoDataSet_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        string line = await EdgeCommand.RefusedAsync("train", "mlp", "--data", folder["nowhere"], "-o", folder["m.onnx"]);
        Assert.Contains("neither a folder of IDX files nor the name of a data set", line, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Train_TruncatedIdx_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        string images = Path.Combine(data, "train-images-idx3-ubyte");
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..5000]);
        string line = await EdgeCommand.RefusedAsync("train", "mlp", "--data", data, "-o", folder["m.onnx"]);
        Assert.Contains("train-images-idx3-ubyte", line, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.onnx"]));
    }

    [Fact]
    public async Task Train_UnknownOperator_NamesNodeOperatorAndVersion()
    {
        using var folder = new TemporaryFolder();
        var graph = new Graph.OnnxGraph("g");
        Graph.Value x = graph.AddInput("x", Graph.ElementType.Float, Graph.TensorShape.Of("n", 1, SmallData.Side, SmallData.Side));
        Graph.Value weight = graph.AddInitializer("w", Graph.OnnxTensor.From<float>(new float[4], 4));
        Graph.Value y = graph.AddNode("Hypergolic", [x, weight], ["y"], "engine").Outputs[0]!;
        graph.AddOutput(y);
        new Graph.OnnxModel(graph).Save(folder["odd.onnx"]);
        string line = await EdgeCommand.RefusedAsync("train", folder["odd.onnx"], "--data", trained.Data, "-o", folder["m.onnx"]);
        Assert.Contains("Hypergolic", line, StringComparison.Ordinal);
        Assert.Contains("engine", line, StringComparison.Ordinal);
        Assert.Contains("17", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_UnknownZooModel_NamesTheNearest() =>
        Assert.Contains("did you mean 'convnet'", await EdgeCommand.RefusedAsync("train", "convnat", "--data", trained.Data, "-o", "m.onnx"), StringComparison.Ordinal);

    [Theory]
    [InlineData("inspect")]
    [InlineData("export")]
    [InlineData("eval")]
    [InlineData("quantize")]
    [InlineData("package")]
    public async Task AnyVerb_FileThatIsNoModel_IsRefused(string verb)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.onnx"], "this is no model");
        string[] more = verb switch
        {
            "export" => ["-o", folder["y.onnx"]],
            "eval" => ["--data", trained.Data],
            "quantize" => ["--data", trained.Data, "-o", folder["y.onnx"]],
            "package" => ["--key", trained.Key, "-o", folder["y.edgepkg"]],
            _ => [],
        };
        string line = await EdgeCommand.RefusedAsync([verb, folder["x.onnx"], .. more]);
        Assert.Contains("not an ONNX model", line, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Verify_AnyByteFlipped_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await EdgeCommand.RunAsync("package", trained.Path, "--key", trained.Key, "-o", folder["m.edgepkg"]);
        byte[] bytes = File.ReadAllBytes(folder["m.edgepkg"]);
        foreach (string content in new[] { "manifest.json", "manifest.sig", "model.onnx", "labels.txt", "golden/0.input" })
        {
            // The first byte behind the entry's name is the first of its content.
            int place = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(content)) + content.Length;
            byte[] broken = (byte[])bytes.Clone();
            broken[place] ^= 1;
            File.WriteAllBytes(folder["broken.edgepkg"], broken);
            await EdgeCommand.RefusedAsync("verify", folder["broken.edgepkg"], "--trust", trained.Key + ".pub");
        }
    }

    [Fact]
    public async Task Verify_OtherKey_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await EdgeCommand.RunAsync("package", trained.Path, "--key", trained.Key, "-o", folder["m.edgepkg"]);
        await EdgeCommand.RunAsync("keygen", folder["other"]);
        string line = await EdgeCommand.RefusedAsync("verify", folder["m.edgepkg"], "--trust", folder["other.pub"]);
        Assert.Contains("m.edgepkg", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keygen_KeyThatIsThere_IsNotReplaced()
    {
        byte[] before = File.ReadAllBytes(trained.Key);
        Assert.Contains("--force", await EdgeCommand.RefusedAsync("keygen", trained.Key), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(trained.Key));
    }

    [Fact]
    public async Task Quantize_QuantizedModel_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await EdgeCommand.RunAsync("quantize", trained.Path, "--data", trained.Data, "-o", folder["q.onnx"]);
        Assert.Contains("quantized already", await EdgeCommand.RefusedAsync("quantize", folder["q.onnx"], "--data", trained.Data, "-o", folder["qq.onnx"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train mlp --epoch 3", "--epochs")]
    [InlineData("inspct x", "inspect")]
    [InlineData("train mlp -o m.onnx", "--data")]
    [InlineData("train mlp --data fashion-mnist -o m.onnx --optimizer adamm", "adam")]
    [InlineData("train mlp --data fashion-mnist -o m.onnx --lr -1", "learningRate")]
    [InlineData("train mlp --data fashion-mnist -o m.onnx --epochs x", "epochs")]
    public async Task AnyVerb_WrongArgument_SaysWhichAndWhat(string arguments, string hint) =>
        Assert.Contains(hint, await EdgeCommand.RefusedAsync(arguments.Split(' ')), StringComparison.Ordinal);

    [Fact]
    public async Task NoVerb_PrintsTheVerbs()
    {
        CommandResult result = await EdgeCommand.RunAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("quantize", result.Error + result.Output, StringComparison.Ordinal);
    }
}
