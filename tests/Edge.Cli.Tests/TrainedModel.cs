using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>A small model trained once through the command, for all tests that need one.</summary>
public sealed class TrainedModel : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Data { get; private set; } = "";

    public string Path => _folder["model.onnx"];

    public string Key => _folder["key"];

    public async ValueTask InitializeAsync()
    {
        Data = SmallData.Write(_folder);
        CommandResult trained = await EdgeCommand.RunAsync("train", "mlp", "--data", Data, "-o", Path, "--epochs", "4", "--batch", "64");
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.False(File.Exists(_folder["model.checkpoint.onnx"]));
        Assert.Equal(0, (await EdgeCommand.RunAsync("keygen", Key)).ExitCode);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
