using System.Text.Json;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Judging detectors and checking their annotations, as a user types it.</summary>
public sealed class DetectorEvalTests
{
    [Theory]
    [InlineData("coco")]
    [InlineData("yolo")]
    [InlineData("voc")]
    public async Task Eval_DetectorWithKnownBoxes_ComesToWhatIsComputedByHand(string format)
    {
        using var folder = new TemporaryFolder();
        string model = ConstantDetector.Write(folder), data = ConstantDetector.Annotate(folder, format);
        CommandResult result = await EdgeCommand.RunAsync(
            "eval", model, "--data", data, "--labels", folder["labels.txt"], "--family", "yolox", "--json", "--html", folder["page.html"]);
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument report = JsonDocument.Parse(result.Output);
        JsonElement[] classes = [.. report.RootElement.GetProperty("classes").EnumerateArray()];
        Assert.Equal(["cat", "dog"], classes.Select(row => row.GetProperty("name").GetString()));
        // 0.684 is above the overlaps 0.50, 0.55, 0.60 and 0.65 of ten.
        Assert.Equal(1, classes[0].GetProperty("ap50").GetDouble(), 9);
        Assert.Equal(0.4, classes[0].GetProperty("ap").GetDouble(), 9);
        // Two of three are found, with nothing wrong before them: the recalls 0 to 0.66 of 101.
        Assert.Equal(67 / 101.0, classes[1].GetProperty("ap").GetDouble(), 9);
        Assert.Equal((1 + (67 / 101.0)) / 2, report.RootElement.GetProperty("ap50").GetDouble(), 9);
        Assert.Equal((0.4 + (67 / 101.0)) / 2, report.RootElement.GetProperty("ap").GetDouble(), 9);
        Assert.Equal("[[2,0,0],[0,2,1],[0,0,0]]", report.RootElement.GetProperty("confusion").GetProperty("counts").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
        string page = await File.ReadAllTextAsync(folder["page.html"], TestContext.Current.CancellationToken);
        Assert.All((string[])["By class", "Over all scores", "What is taken for what", "background", "Where most goes wrong", "1 missed"], part => Assert.Contains(part, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Eval_ClassThatTheDetectorDoesNotKnow_IsOneLine()
    {
        using var folder = new TemporaryFolder();
        string model = ConstantDetector.Write(folder), data = ConstantDetector.Annotate(folder, "coco");
        File.WriteAllLines(folder["labels.txt"], ["cat", "horse"]);
        string line = await EdgeCommand.RefusedAsync("eval", model, "--data", data, "--labels", folder["labels.txt"], "--family", "yolox");
        Assert.Contains("'dog'", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LabelCheck_GoodAndBrokenAnnotations_SaysSoWithItsExitCode()
    {
        using var folder = new TemporaryFolder();
        string data = ConstantDetector.Annotate(folder, "coco");
        Assert.Equal(0, (await EdgeCommand.RunAsync("label-check", data)).ExitCode);

        string text = await File.ReadAllTextAsync(data, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(data, text.Replace("[4,40,12,12]", "[60,40,12,12]", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(folder["coco"], "0.png"));
        CommandResult broken = await EdgeCommand.RunAsync("label-check", data, "--json");
        Assert.Equal(1, broken.ExitCode);
        using JsonDocument report = JsonDocument.Parse(broken.Output);
        Assert.Equal(2, report.RootElement.GetProperty("problems").GetInt32());
        Assert.Equal(1, report.RootElement.GetProperty("counts").GetProperty("missing picture").GetInt32());

        await File.WriteAllTextAsync(data, text[..^20], TestContext.Current.CancellationToken);
        Assert.StartsWith(data, await EdgeCommand.RefusedAsync("label-check", data), StringComparison.Ordinal);
    }
}
