using System.Text.Json;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Recipes, fine-tuning and folders of recipes through the real program.</summary>
public sealed class RecipeCommandTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Fact]
    public async Task Train_Recipe_RecordsWhereTheModelComesFrom()
    {
        using var folder = new TemporaryFolder();
        string recipe = Write(folder, "corners", "training: {epochs: 2, batch: 64, average: 0.9}");
        CommandResult result = await EdgeCommand.RunAsync("train", recipe, "-o", folder["m.onnx"], "--set", "optimizer.learningRate=0.01", "--json", "--profile");
        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        Assert.True(report.GetProperty("metrics").GetProperty("accuracy").GetDouble() > 0.5);
        Assert.True(report.GetProperty("operators").GetArrayLength() > 1);
        Assert.Equal("completed", report.GetProperty("reason").GetString());
        OnnxModel model = OnnxModel.Load(folder["m.onnx"]);
        Assert.Contains("optimizer:\n  learningRate: 0.01\n", model.Metadata["edge.recipe"], StringComparison.Ordinal);
        JsonElement training = JsonDocument.Parse(model.Metadata["edge.card"]).RootElement.GetProperty("training");
        Assert.Equal(report.GetProperty("recipe").GetString(), training.GetProperty("recipe").GetString());
        Assert.Equal(64, training.GetProperty("dataFingerprint").GetString()!.Length);
        Assert.Equal(0, (await EdgeCommand.RunAsync("package", folder["m.onnx"], "--key", trained.Key, "-o", folder["m.edgepkg"])).ExitCode);
    }

    [Fact]
    public async Task Train_UnknownKey_NamesFileLineAndNearest()
    {
        using var folder = new TemporaryFolder();
        string line = await EdgeCommand.RefusedAsync("train", Write(folder, "r", "trainig: {epochs: 2}"), "-o", folder["m.onnx"]);
        Assert.Contains("r.yaml:3: ", line, StringComparison.Ordinal);
        Assert.Contains("did you mean 'training'?", line, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.onnx"]));
    }

    [Fact]
    public async Task Train_Folds_JudgesEachAndKeepsOne()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("train", Write(folder, "r", "training: {epochs: 1}"), "-o", folder["m.onnx"], "--set", "data.folds=3", "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(3, JsonDocument.Parse(result.Output).RootElement.GetProperty("folds").GetArrayLength());
        Assert.True(File.Exists(folder["m.onnx"]));
    }

    [Fact]
    public async Task Finetune_HeadOnly_LeavesTheRest()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("finetune", trained.Path, "--data", trained.Data, "-o", folder["m.onnx"], "--epochs", "1", "--head-only", "--replace-head", "--lr", "0.01");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("begins anew with 4", result.Error, StringComparison.Ordinal);
        OnnxGraph before = OnnxModel.Load(trained.Path).Graph, after = OnnxModel.Load(folder["m.onnx"]).Graph;
        Assert.Equal(before.Find("dense1/weight")!.Constant!.Bytes.ToArray(), after.Find("dense1/weight")!.Constant!.Bytes.ToArray());
        Assert.NotEqual(before.Find("dense2/weight")!.Constant!.Bytes.ToArray(), after.Find("dense2/weight")!.Constant!.Bytes.ToArray());
    }

    [Fact]
    public async Task Finetune_Teacher_RunsFromTheCommandLine()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = await EdgeCommand.RunAsync("finetune", trained.Path, "--data", trained.Data, "-o", folder["m.onnx"], "--epochs", "1", "--teacher", trained.Path, "--body-rate", "0.1", "--freeze", "dense1/bias");
        Assert.True(result.ExitCode == 0, result.Error);
        OnnxGraph before = OnnxModel.Load(trained.Path).Graph, after = OnnxModel.Load(folder["m.onnx"]).Graph;
        Assert.Equal(before.Find("dense1/bias")!.Constant!.Bytes.ToArray(), after.Find("dense1/bias")!.Constant!.Bytes.ToArray());
    }

    [Fact]
    public async Task Finetune_PatternThatFitsNothing_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string line = await EdgeCommand.RefusedAsync("finetune", trained.Path, "--data", trained.Data, "-o", folder["m.onnx"], "--freeze", "conv9/*");
        Assert.Contains("fits 'conv9/*'", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipes_Folder_ComparesWithGoalsAndSkipsWhatIsAbsent()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["recipes"]);
        Write(folder, "recipes/easy", "training: {epochs: 2}\ngoal: {metric: accuracy, target: 0.3}");
        File.WriteAllText(folder["recipes/elsewhere.yaml"], "model: {name: mlp}\ndata: {source: ../nowhere/at/all}\n");
        CommandResult result = await EdgeCommand.RunAsync("recipes", folder["recipes"], "--out", folder["out/recipes"]);
        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement results = JsonDocument.Parse(File.ReadAllText(folder["out/recipes.json"])).RootElement;
        Assert.Equal("easy", results[0].GetProperty("name").GetString());
        Assert.True(results[0].GetProperty("reached").GetBoolean());
        Assert.Equal("../nowhere not present", results[1].GetProperty("skipped").GetString());
        Assert.Contains("elsewhere: skipped: ../nowhere not present", result.Error, StringComparison.Ordinal);
        Assert.Contains("<h2>easy</h2>", File.ReadAllText(folder["out/recipes/recipes.html"]), StringComparison.Ordinal);
        CommandResult missed = await EdgeCommand.RunAsync("recipes", folder["recipes"], "--out", folder["out/recipes"], "--only", "easy", "--set", "goal.target=1.5");
        Assert.Equal(1, missed.ExitCode);
        // What is known of the recipe that did not run stays.
        JsonElement both = JsonDocument.Parse(File.ReadAllText(folder["out/recipes.json"])).RootElement;
        Assert.Equal(["easy", "elsewhere"], both.EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.False(both[0].GetProperty("reached").GetBoolean());
    }

    private string Write(TemporaryFolder folder, string name, string rest)
    {
        string path = folder[name + ".yaml"];
        File.WriteAllText(path, $"model: {{name: mlp, dropout: 0.1}}\ndata: {{source: '{trained.Data}'}}\n{rest}\n");
        return path;
    }
}
