using System.Text.Json;

namespace Edge.Cli.Tests;

public sealed class ZooTests
{
    [Fact]
    public async Task Zoo_Json_ListsEveryModelWithItsInputAndWeights()
    {
        CommandResult result = await EdgeCommand.RunAsync("zoo", "--json");
        Assert.Equal(0, result.ExitCode);
        JsonElement[] rows = [.. JsonDocument.Parse(result.Output).RootElement.EnumerateArray()];
        JsonElement lenet = Assert.Single(rows, row => row.GetProperty("name").GetString() == "lenet5");
        Assert.Equal(61_706, lenet.GetProperty("weights").GetInt64());
        Assert.Contains("[batch,1,28,28]", lenet.GetProperty("input").GetString(), StringComparison.Ordinal);
        Assert.All(rows, row => Assert.NotEmpty(row.GetProperty("description").GetString()!));

        CommandResult table = await EdgeCommand.RunAsync("zoo");
        Assert.Equal(0, table.ExitCode);
        Assert.Contains("mobilenet-v2", table.Output, StringComparison.Ordinal);
    }
}
