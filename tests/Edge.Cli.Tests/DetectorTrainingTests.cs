using System.Text.Json;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>A detector of one's own through the commands: scenes, training, other classes, another backbone, the demo.</summary>
public sealed class DetectorTrainingTests(SmallScenes scenes) : IClassFixture<SmallScenes>
{
    private static readonly string[] Small = ["--set", "task=detect", "--set", "data.width=64", "--set", "data.height=64", "--epochs", "1", "--batch", "4"];

    [Fact]
    public async Task Synth_SameSeed_GivesTheSameFiles()
    {
        using var folder = new TemporaryFolder();
        foreach (string part in (string[])["a", "b"])
        {
            CommandResult made = await EdgeCommand.RunAsync("synth", "-o", folder[part], "--scenes", "3", "--val", "2", "--size", "64", "--items", "4", "--data", scenes.Items, "--singles", "10", "--png", "--seed", "5", "--json");
            Assert.True(made.ExitCode == 0, made.Error);
        }
        string[] files = [.. Directory.EnumerateFiles(folder["a"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder["a"], file)).Order(StringComparer.Ordinal)];
        string[] singles = Array.FindAll(files, file => file.StartsWith("singles", StringComparison.Ordinal));
        Assert.Equal((10, 1), (singles.Count(file => file.StartsWith("singles/train/", StringComparison.Ordinal)), singles.Count(file => file.StartsWith("singles/test/", StringComparison.Ordinal))));
        Assert.Equal(["train.json", "train/000000.png", "train/000001.png", "train/000002.png", "val.json", "val/000000.png", "val/000001.png"], files.Except(singles));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(folder["a"], file)), File.ReadAllBytes(Path.Combine(folder["b"], file))));
        Assert.Equal(0, (await EdgeCommand.RunAsync("label-check", Path.Combine(folder["a"], "train.json"))).ExitCode);
        Assert.Contains("size", await EdgeCommand.RefusedAsync("synth", "-o", folder["c"], "--size", "8", "--data", scenes.Items), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["c"]));
    }

    [Fact]
    public async Task Train_BoxMoved_ChangesTheFingerprintOfTheData()
    {
        using var folder = new TemporaryFolder();
        string moved = Path.Combine(scenes.Folder, "moved.json");
        string text = await File.ReadAllTextAsync(scenes.Train, TestContext.Current.CancellationToken);
        int place = text.IndexOf("\"bbox\":[", StringComparison.Ordinal) + "\"bbox\":[".Length;
        await File.WriteAllTextAsync(moved, text.Insert(place, "1"), TestContext.Current.CancellationToken);
        Assert.NotEqual(await Fingerprint(folder, scenes.Train), await Fingerprint(folder, moved));
    }

    [Fact]
    public async Task FineTune_DetectorOfOtherClasses_BeginsItsClassesAnewAndKeepsTheRest()
    {
        using var folder = new TemporaryFolder();
        await Train(folder["three.onnx"], "edgedet-n", scenes.Train, "--set", "model.multiplier=0.25", "--set", "training.multiScale=0.5");
        await Train(folder["two.onnx"], folder["three.onnx"], scenes.TwoClasses, "--lr", "1e-9");
        (OnnxModel three, OnnxModel two) = (OnnxModel.Load(folder["three.onnx"]), OnnxModel.Load(folder["two.onnx"]));
        Assert.Equal(8, three.Graph.Outputs[0].Shape![2].Size);
        Assert.Equal(7, two.Graph.Outputs[0].Shape![2].Size);
        Assert.Equal(Weights(three, "head8/place/weight"), Weights(two, "head8/place/weight"), (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal(Weights(three, "head8/class/weight").Length * 2 / 3, Weights(two, "head8/class/weight").Length);
        CommandResult judged = await EdgeCommand.RunAsync("eval", folder["two.onnx"], "--data", scenes.TwoClasses, "--json");
        Assert.True(judged.ExitCode == 0, judged.Error);

        await Train(folder["head.onnx"], folder["three.onnx"], scenes.TwoClasses, "--set", "finetune.headOnly=true", "--lr", "0.01");
        Assert.Equal(Weights(three, "stem/weight"), Weights(OnnxModel.Load(folder["head.onnx"]), "stem/weight"));
    }

    [Fact]
    public async Task Train_ClassifierAsBackbone_SeesWithItsLayers()
    {
        using var folder = new TemporaryFolder();
        string pictures = scenes.Folders();
        CommandResult classifier = await EdgeCommand.RunAsync("train", "vww", "--data", pictures, "-o", folder["classes.onnx"], "--epochs", "1", "--batch", "4", "--set", "data.width=64", "--set", "data.height=64");
        Assert.True(classifier.ExitCode == 0, classifier.Error);
        await Train(folder["detector.onnx"], "edgedet-n", scenes.Train, "--set", $"model.backbone={folder["classes.onnx"]}", "--set", "model.multiplier=0.25", "--lr", "1e-9");
        OnnxModel before = OnnxModel.Load(folder["classes.onnx"]), after = OnnxModel.Load(folder["detector.onnx"]);
        string stem = before.Graph.Nodes.First(node => node.Is("Conv")).Input(1)!.Name;
        Assert.Equal(Weights(before, stem), Weights(after, stem), (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal(8, after.Graph.Outputs[0].Shape![2].Size);
        Assert.DoesNotContain(after.Graph.Nodes, node => node.Is("Gemm"));

        string line = await EdgeCommand.RefusedAsync(["train", "edgedet-n", "--data", scenes.Train, "-o", folder["no.onnx"], "--set", $"model.backbone={folder["detector.onnx"]}", .. Small]);
        Assert.Contains("is a detector already", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DemoDetect_AFewScenes_EndsWithPicturesThatTheNativeRuntimeDrew()
    {
        string runtime = Path.Combine(Repository.Root, "out", "bin", "edge-runtime");
        Assert.SkipUnless(File.Exists(runtime), "skipped: out/bin/edge-runtime is not built");
        Assert.SkipUnless(Directory.Exists("/usr/share/datasets/fashion-mnist"), "skipped: dataset-fashion-mnist is not installed");
        using var folder = new TemporaryFolder();
        CommandResult demo = await EdgeCommand.RunAsync(
            "demo-detect", "--out", folder["out"], "--recipe", Path.Combine(Repository.Root, "recipes", "edgedet-n.yaml"), "--scenes", "12", "--singles", "200", "--val", "3",
            "--set", "training.epochs=1", "--set", "data.validation=0.2", "--set", "model.multiplier=0.25", "--set", "optimizer.learningRate=0.0001", "--runtime", runtime, "--json");
        Assert.True(demo.ExitCode == 0, demo.Error);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder["out"], "report.json"), TestContext.Current.CancellationToken));
        Assert.Equal(3, report.RootElement.GetProperty("runtimePictures").GetInt32());
        Assert.Equal(3, report.RootElement.GetProperty("runtimeAgreements").GetInt32());
        Assert.Equal(3, Directory.GetFiles(Path.Combine(folder["out"], "pictures")).Length);
        Assert.All((string[])["edgedet-int8-1.0.0.edgepkg", "detections.jpg", "report.html"], file => Assert.True(File.Exists(Path.Combine(folder["out"], file)), file));
    }

    private static async Task Train(string output, string model, string data, params string[] more)
    {
        CommandResult result = await EdgeCommand.RunAsync([model.EndsWith(".onnx", StringComparison.Ordinal) ? "finetune" : "train", model, "--data", data, "-o", output, .. Small, .. more]);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private static async Task<string> Fingerprint(TemporaryFolder folder, string data)
    {
        await Train(folder["f.onnx"], "edgedet-n", data, "--set", "model.multiplier=0.25");
        using JsonDocument card = JsonDocument.Parse(OnnxModel.Load(folder["f.onnx"]).Metadata["edge.card"]);
        return card.RootElement.GetProperty("training").GetProperty("dataFingerprint").GetString()!;
    }

    private static float[] Weights(OnnxModel model, string name) => model.Graph.Find(name)!.Constant!.ToArray<float>();
}
