using Edge.Testing;

namespace Edge.Cli.Tests;

public sealed class AugmentationListTests
{
    [Theory]
    [InlineData("[flipp]", "did you mean 'flip'?")]
    [InlineData("[flip: {vertikal: 1}]", "did you mean 'vertical'?")]
    [InlineData("[flip: {vertical: 2}]", "vertical is 2; use 0 to 1")]
    [InlineData("[flip: 3]", "no map of settings of flip")]
    [InlineData("[jitter]", "works on windows")]
    public async Task Train_WrongAugmentation_IsRefusedInOneLine(string list, string expected)
    {
        using var folder = new TemporaryFolder();
        SmallData.Write(folder, 300, 60);
        File.WriteAllText(folder["recipe.yaml"], $"data: {{source: {folder["data"]}, augment: {list}}}\nmodel: {{name: mlp}}\n");
        Assert.Contains(expected, await EdgeCommand.RefusedAsync("train", folder["recipe.yaml"], "-o", folder["m.onnx"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WithAugmentationAndMixing_Learns()
    {
        using var folder = new TemporaryFolder();
        SmallData.Write(folder, 300, 60);
        File.WriteAllText(
            folder["recipe.yaml"], $"data: {{source: {folder["data"]}, augment: [flip, crop: {{padding: 1}}, mixUp: {{alpha: 0.3}}]}}\nmodel: {{name: mlp}}\ntraining: {{epochs: 2, batch: 16}}\n");
        CommandResult result = await EdgeCommand.RunAsync("train", folder["recipe.yaml"], "-o", folder["m.onnx"], "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(File.Exists(folder["m.onnx"]));
    }
}
