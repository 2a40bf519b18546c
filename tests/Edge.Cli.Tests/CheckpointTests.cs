using System.Diagnostics;
using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>Training that is killed goes on from its last checkpoint.</summary>
public sealed class CheckpointTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Train_KilledAgainAndAgain_LeavesALoadableCheckpointAndEndsWithTheSameModel()
    {
        using var folder = new TemporaryFolder();
        string data = SmallData.Write(folder);
        string[] Arguments(string output) => ["train", "mlp", "--data", data, "-o", folder[output], "--epochs", "12", "--batch", "32", "--dropout", "0.2", "--schedule", "constant"];
        CommandResult straight = await EdgeCommand.RunAsync(Arguments("straight.onnx"));
        Assert.True(straight.ExitCode == 0, straight.Error);

        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string checkpoint = folder["killed.checkpoint.onnx"];
        for (int kill = 0; kill < 4; kill++)
        {
            // Killed somewhere behind a checkpoint that it wrote itself.
            DateTime before = File.Exists(checkpoint) ? File.GetLastWriteTimeUtc(checkpoint) : DateTime.MinValue;
            using Process process = EdgeCommand.Start([.. Arguments("killed.onnx"), "--resume"]);
            using var deadline = new CancellationTokenSource(Patience);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(1, 30)));
            while (!process.HasExited && !(File.Exists(checkpoint) && File.GetLastWriteTimeUtc(checkpoint) > before))
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            process.Kill();
            await process.WaitForExitAsync(deadline.Token);
            if (File.Exists(folder["killed.onnx"]))
            {
                break;
            }
            Assert.Empty(ModelVerifier.Verify(OnnxModel.Load(checkpoint)));
        }
        if (!File.Exists(folder["killed.onnx"]))
        {
            CommandResult resumed = await EdgeCommand.RunAsync([.. Arguments("killed.onnx"), "--resume"]);
            Assert.True(resumed.ExitCode == 0, resumed.Error);
            Assert.Contains("goes on from", resumed.Error, StringComparison.Ordinal);
        }
        Assert.Equal(Weights(folder["straight.onnx"]), Weights(folder["killed.onnx"]));
    }

    private static IEnumerable<byte[]> Weights(string path) => OnnxModel.Load(path).Graph.Initializers.Select(value => value.Constant!.Bytes.ToArray());
}
