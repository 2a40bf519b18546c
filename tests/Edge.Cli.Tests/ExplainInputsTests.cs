using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Imaging;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>edge explain on files that a user names, rather than on samples of a data set.</summary>
public sealed class ExplainInputsTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Fact]
    public async Task Explain_TwoPictures_AreExplainedByTheirNames()
    {
        using var folder = new TemporaryFolder();
        // A bright square in the corner of class 3, at the model's size and at three times that.
        File.WriteAllBytes(folder["small.png"], Corner(SmallData.Side));
        File.WriteAllBytes(folder["large.png"], Corner(3 * SmallData.Side));
        JsonElement[] samples = await Samples("explain", trained.Path, "--inputs", folder["small.png"], folder["large.png"], "--html", folder["page.html"]);
        Assert.Equal(["small.png", "large.png"], samples.Select(sample => sample.GetProperty("name").GetString()));
        Assert.Equal(["3", "3"], samples.Select(sample => sample.GetProperty("predicted").GetString()));
        Assert.All(samples, sample =>
        {
            Assert.False(sample.TryGetProperty("truth", out _));
            JsonElement peak = sample.GetProperty("maps")[1].GetProperty("peak");
            Assert.InRange(peak.GetProperty("row").GetInt32(), 6, 11);
            Assert.InRange(peak.GetProperty("column").GetInt32(), 6, 11);
        });
        Assert.Contains("small.png", File.ReadAllText(folder["page.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_TableOfReadings_TakesEachRow()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        var table = new StringBuilder("power,noise,state\n");
        for (int i = 0; i < 600; i++)
        {
            double power = 100 + (20 * (random.NextDouble() - 0.5));
            table.Append(CultureInfo.InvariantCulture, $"{power:F3},{random.NextDouble():F3},{(power > 100 ? "on" : "off")}\n");
        }
        await Train(folder, "data.csv", table.ToString(), "kind: table, columns: [power, noise], labels: state", "mlp", epochs: 20);
        File.WriteAllText(folder["two.csv"], "noise,power\n0.5,109\n0.5,91\n");
        JsonElement[] samples = await Samples("explain", folder["m.onnx"], "--inputs", folder["two.csv"]);
        Assert.Equal([("two.csv:1", "on"), ("two.csv:2", "off")], samples.Select(sample => (sample.GetProperty("name").GetString()!, sample.GetProperty("predicted").GetString()!)));
        Assert.All(samples, sample => Assert.True(Attribution(sample, 0) > Math.Abs(Attribution(sample, 1)), sample.ToString()));

        static double Attribution(JsonElement sample, int column) => sample.GetProperty("columns")[column].GetProperty("attribution").GetDouble();
    }

    [Fact]
    public async Task Explain_Text_NamesTheWordThatDecides()
    {
        using var folder = new TemporaryFolder();
        var table = new StringBuilder();
        for (int i = 0; i < 240; i++)
        {
            table.Append(CultureInfo.InvariantCulture, $"this {(i % 2 == 0 ? "good" : "bad")} thing number {i / 2}\t{(i % 2 == 0 ? "like" : "hate")}\n");
        }
        await Train(folder, "data.tsv", table.ToString(), "kind: text, length: 8", "lstm-text", epochs: 4);
        File.WriteAllText(folder["mine.txt"], "this good thing number\n");
        JsonElement sample = Assert.Single(await Samples("explain", folder["m.onnx"], "--inputs", folder["mine.txt"], "--class", "like"));
        Assert.Equal("like", sample.GetProperty("predicted").GetString());
        JsonElement[] tokens = [.. sample.GetProperty("tokens").EnumerateArray()];
        Assert.Equal(["this", "good", "thing", "number"], tokens.Select(token => token.GetProperty("token").GetString()));
        Assert.Equal(1, Largest(tokens, "lost"));
        Assert.Equal(1, Largest(tokens, "attribution"));

        static int Largest(JsonElement[] tokens, string figure) => Array.IndexOf(tokens, tokens.MaxBy(token => token.GetProperty(figure).GetDouble()));
    }

    [Theory]
    [InlineData("--inputs /nowhere/x.png", "/nowhere/x.png: no such file")]
    [InlineData("--inputs PICTURE --index 2", "takes the place of --index")]
    [InlineData("--inputs PICTURE --data fashion-mnist", "takes the place of --data")]
    public async Task Explain_InputsThatCannotBe_SaysWhy(string options, string hint)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.png"], Corner(SmallData.Side));
        string[] given = options.Replace("PICTURE", folder["x.png"], StringComparison.Ordinal).Split(' ');
        Assert.Contains(hint, await EdgeCommand.RefusedAsync(["explain", trained.Path, .. given]), StringComparison.Ordinal);
    }

    private static byte[] Corner(int side)
    {
        using var pixels = new PixelBuffer();
        pixels.Resize(side, side, PixelFormat.Grey8);
        pixels.Pixels.Fill(40);
        for (int y = side * 7 / 12; y < side * 10 / 12; y++)
        {
            pixels.Row(y)[(side * 7 / 12)..(side * 10 / 12)].Fill(230);
        }
        using var encoder = new ImageEncoder();
        return encoder.EncodePng(pixels).ToArray();
    }

    private static async Task Train(TemporaryFolder folder, string file, string table, string data, string model, int epochs)
    {
        File.WriteAllText(folder[file], table);
        File.WriteAllText(folder["r.yaml"], $"data: {{source: {folder[file]}, {data}}}\nmodel: {{name: {model}}}\ntraining: {{epochs: {epochs}, batch: 32}}\noptimizer: {{name: adam, learningRate: 0.01}}\n");
        CommandResult made = await EdgeCommand.RunAsync("train", folder["r.yaml"], "-o", folder["m.onnx"]);
        Assert.True(made.ExitCode == 0, made.Error);
    }

    private static async Task<JsonElement[]> Samples(params string[] arguments)
    {
        CommandResult result = await EdgeCommand.RunAsync([.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("samples").EnumerateArray()];
    }
}
