using System.Text.Json;
using Edge.Imaging;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>eval, explain and attack, as a user types them.</summary>
public sealed class JudgingTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Fact]
    public async Task Eval_Classifier_ReportsWhatItMeasured()
    {
        using var folder = new TemporaryFolder();
        JsonElement report = await Report("eval", trained.Path, "--data", trained.Data, "--html", folder["page.html"], "--top-k", "2");
        double accuracy = report.GetProperty("accuracy").GetDouble();
        JsonElement interval = report.GetProperty("accuracyInterval");
        Assert.InRange(accuracy, interval.GetProperty("low").GetDouble(), interval.GetProperty("high").GetDouble());
        Assert.Equal(accuracy, report.GetProperty("micro").GetProperty("f1").GetDouble(), 1e-9);
        Assert.InRange(report.GetProperty("topK").GetProperty("2").GetDouble(), accuracy, 1);
        Assert.InRange(report.GetProperty("rocAuc").GetDouble(), 0.9, 1);
        Assert.InRange(report.GetProperty("calibration").GetProperty("before").GetProperty("expectedError").GetDouble(), 0, 1);
        string page = File.ReadAllText(folder["page.html"]);
        Assert.Contains("What is taken for what", page, StringComparison.Ordinal);
        Assert.Contains("echarts", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_NoData_TakesTheRecipeOfTheModel() =>
        Assert.Equal((await Report("eval", trained.Path, "--data", trained.Data)).GetProperty("accuracy").GetDouble(), (await Report("eval", trained.Path)).GetProperty("accuracy").GetDouble());

    [Fact]
    public async Task Eval_Package_IsAsRightAsItsModel()
    {
        using var folder = new TemporaryFolder();
        CommandResult packed = await EdgeCommand.RunAsync("package", trained.Path, "--key", trained.Key, "-o", folder["m.edgepkg"], "--name", "m");
        Assert.True(packed.ExitCode == 0, packed.Error);
        JsonElement package = await Report("eval", folder["m.edgepkg"], "--data", trained.Data);
        JsonElement model = await Report("eval", trained.Path, "--data", trained.Data);
        Assert.Equal(model.GetProperty("confusion").ToString(), package.GetProperty("confusion").ToString());
    }

    [Fact]
    public async Task Eval_Calibrate_WritesAModelThatIsAsSureAsTheReportSays()
    {
        using var folder = new TemporaryFolder();
        JsonElement first = await Report("eval", trained.Path, "--data", trained.Data, "--calibrate", folder["a.onnx"]);
        JsonElement second = await Report("eval", folder["a.onnx"], "--data", trained.Data, "--calibrate", folder["b.onnx"]);
        Assert.Equal(
            first.GetProperty("calibration").GetProperty("after").GetProperty("logLoss").GetDouble(),
            second.GetProperty("calibration").GetProperty("before").GetProperty("logLoss").GetDouble(), 1e-4);
        Assert.Equal(first.GetProperty("confusion").ToString(), second.GetProperty("confusion").ToString());
        Assert.Equal(280, first.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task Eval_LimitAndGroups_CountWhatTheyShould()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["groups.txt"], Enumerable.Range(0, 400).Select(i => i < 100 ? "door" : "yard"));
        JsonElement all = await Report("eval", trained.Path, "--data", trained.Data, "--groups", folder["groups.txt"]);
        JsonElement[] groups = [.. all.GetProperty("groups").EnumerateArray()];
        Assert.Equal([("door", 100), ("yard", 300)], groups.Select(group => (group.GetProperty("group").GetString()!, group.GetProperty("count").GetInt32())));
        string[] limited = ["eval", trained.Path, "--data", trained.Data, "--limit", "50", "--seed", "3"];
        JsonElement once = await Report(limited);
        Assert.Equal(50, once.GetProperty("samples").GetInt32());
        Assert.Equal(once.ToString(), (await Report(limited)).ToString());
        File.WriteAllLines(folder["few.txt"], ["door"]);
        Assert.Contains("400 samples", await EdgeCommand.RefusedAsync("eval", trained.Path, "--data", trained.Data, "--groups", folder["few.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_Pictures_PointAtTheBrightCorner()
    {
        using var folder = new TemporaryFolder();
        JsonElement report = await Report("explain", trained.Path, "--data", trained.Data, "--limit", "6", "-o", folder["maps"], "--html", folder["page.html"]);
        Assert.Contains("no feature map", report.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        int found = 0;
        foreach (JsonElement sample in report.GetProperty("samples").EnumerateArray())
        {
            JsonElement[] maps = [.. sample.GetProperty("maps").EnumerateArray()];
            Assert.Equal(["integrated-gradients", "occlusion"], maps.Select(map => map.GetProperty("method").GetString()));
            double difference = maps[0].GetProperty("score").GetDouble() - maps[0].GetProperty("baselineScore").GetDouble();
            double sum = maps[0].GetProperty("values").EnumerateArray().Sum(value => value.GetDouble());
            Assert.Equal(difference - maps[0].GetProperty("gap").GetDouble(), sum, 1e-3);
            JsonElement peak = maps[1].GetProperty("peak");
            int corner = (peak.GetProperty("row").GetInt32() / 6 * 2) + (peak.GetProperty("column").GetInt32() / 6);
            found += $"{corner}" == sample.GetProperty("predicted").GetString() ? 1 : 0;
        }
        Assert.True(found >= 5, $"{found} of 6 peaks lie in the corner of the class");
        string[] files = Directory.GetFiles(folder["maps"], "*.png");
        Assert.Equal(12, files.Length);
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        Assert.Equal(216, decoder.Decode(File.ReadAllBytes(files[0]), pixels, new DecodeOptions(PixelFormat.Rgb24)).Width);
        Assert.Contains("Where the model looks", File.ReadAllText(folder["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_SmallNet_FallsAsTheAttackGrows()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["attack", trained.Path, "--data", trained.Data, "--limit", "60", "--epsilon", "0", "--epsilon", "8", "--epsilon", "60", "--html", folder["page.html"]];
        JsonElement report = await Report(command);
        double clean = report.GetProperty("accuracy").GetDouble();
        double[][] curves = [.. report.GetProperty("adversarial").EnumerateArray().Select(curve => (double[])[.. curve.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("accuracy").GetDouble())])];
        Assert.Equal([clean, clean], curves.Select(curve => curve[0]));
        Assert.All(curves[0].Zip(curves[1]), pair => Assert.True(pair.Second <= pair.First + 1e-9));
        Assert.True(curves[1][2] < clean - 0.2, $"{curves[1][2]} of {clean}");
        Assert.Equal(["noise", "blur", "brightness", "jpeg", "pixelate"], report.GetProperty("corruptions").EnumerateArray().Select(item => item.GetProperty("corruption").GetString()));
        Assert.All(report.GetProperty("corruptions").EnumerateArray(), item => Assert.Equal(5, item.GetProperty("points").GetArrayLength()));
        Assert.Equal(report.ToString(), (await Report(command)).ToString());
    }

    [Fact]
    public async Task Eval_ExplainAndAttack_ShareThePage()
    {
        using var folder = new TemporaryFolder();
        await Report("eval", trained.Path, "--limit", "40", "--html", folder["page.html"], "--explain", "--attack");
        string page = File.ReadAllText(folder["page.html"]);
        Assert.All(new[] { "What is taken for what", "Where the model looks", "On purpose", "By accident" }, heading => Assert.Contains(heading, page, StringComparison.Ordinal));
        Assert.Contains("--html", await EdgeCommand.RefusedAsync("eval", trained.Path, "--explain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalAndExplain_TableOfReadings_KnowCohortsAndColumns()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        IEnumerable<string> rows = Enumerable.Range(0, 1200).Select(_ => (random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.Next(2)))
            .Select(row => FormattableString.Invariant($"{row.Item1:F4},{row.Item2:F4},{(row.Item3 == 0 ? "north" : "south")},{(row.Item1 > 0 ? "on" : "off")}"));
        File.WriteAllLines(folder["readings.csv"], ["power,noise,site,state", .. rows]);
        File.WriteAllText(folder["r.yaml"], $"data: {{source: {folder["readings.csv"]}, kind: table, columns: [power, noise], labels: state, cohort: site, test: 0.3}}\nmodel: {{name: mlp}}\ntraining: {{epochs: 20, batch: 32}}\n");
        CommandResult made = await EdgeCommand.RunAsync("train", folder["r.yaml"], "-o", folder["m.onnx"]);
        Assert.True(made.ExitCode == 0, made.Error);

        JsonElement report = await Report("eval", folder["m.onnx"]);
        Assert.True(report.GetProperty("accuracy").GetDouble() > 0.9);
        Assert.Equal(360, report.GetProperty("samples").GetInt32());
        Assert.Equal(["north", "south"], report.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("group").GetString()));
        Assert.Equal(report.ToString(), (await Report("eval", folder["m.onnx"], "--data", folder["r.yaml"])).ToString());

        JsonElement[] samples = [.. (await Report("explain", folder["m.onnx"], "--limit", "10")).GetProperty("samples").EnumerateArray()];
        Assert.Equal(["power", "noise"], samples[0].GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()));
        double Size(int column) => samples.Sum(sample => Math.Abs(sample.GetProperty("columns")[column].GetProperty("attribution").GetDouble()));
        Assert.True(Size(0) > 2 * Size(1), $"power {Size(0)}, noise {Size(1)}");
    }

    [Theory]
    [InlineData("explain", "--method grad-can", "grad-cam")]
    [InlineData("explain", "--method grad-cam", "no feature map")]
    [InlineData("explain", "--class 9", "not a class")]
    [InlineData("explain", "--index 400", "0 to 399")]
    [InlineData("attack", "--corruption nose", "noise")]
    [InlineData("attack", "--epsilon -1", "--epsilon")]
    [InlineData("eval", "--bins 0", "--bins")]
    [InlineData("eval", "--html /nowhere/x.html", "/nowhere")]
    public async Task AnyVerb_WrongOption_SaysWhichAndWhat(string verb, string option, string hint) =>
        Assert.Contains(hint, await EdgeCommand.RefusedAsync([verb, trained.Path, "--data", trained.Data, .. option.Split(' ')]), StringComparison.Ordinal);

    [Theory]
    [InlineData("eval")]
    [InlineData("explain")]
    [InlineData("attack")]
    public async Task AnyVerb_ModelWithoutRecipe_AsksForData(string verb)
    {
        using var folder = new TemporaryFolder();
        Graph.OnnxModel model = Graph.OnnxModel.Load(trained.Path);
        model.Metadata.Remove("edge.recipe");
        model.Save(folder["m.onnx"]);
        Assert.Contains("--data", await EdgeCommand.RefusedAsync(verb, folder["m.onnx"]), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Report(params string[] arguments)
    {
        CommandResult result = await EdgeCommand.RunAsync([.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
