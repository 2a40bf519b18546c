using System.Diagnostics;
using System.Globalization;
using Edge.Graph;
using Edge.Testing;
using Edge.Training.Data;
using Edge.Zoo;

namespace Edge.Training.Tests;

/// <summary>A training process is killed, without a chance to tidy up, and goes on from its checkpoint, again and again.</summary>
[Collection(nameof(TorchCollection))]
public sealed class KillTests
{
    private const string FolderVariable = "EDGE_TEST_TRAIN_UNTIL_KILLED";

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 1_000_000,
        BatchSize = 8,
        ValidationFraction = 0,
        CheckpointInterval = TimeSpan.FromTicks(1),
        ProgressInterval = TimeSpan.Zero,
    };

    [Fact]
    public void Kill_AtAnyMoment_LeavesACheckpointToGoOnFrom()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder["run.onnx"];
        var random = new Random(17);
        long last = 0;
        for (int i = 0; i < 5; i++)
        {
            TrainAndKill(folder.Path, steps: random.Next(3, 40));
            using Trainer resumed = Trainer.Resume(checkpoint, TestData.Bars(64), Options);
            using var stop = new CancellationTokenSource();
            stop.Cancel();
            long step = resumed.Run(null, stop.Token).Steps;
            Assert.True(step > last, $"step {step} after step {last}");
            last = step;
            ModelVerifier.ThrowIfInvalid(OnnxModel.Load(checkpoint), checkpoint);
            Assert.Equal([checkpoint], Directory.GetFiles(folder.Path));
        }
    }

    /// <summary>What the killed process runs; nothing to do for anybody else.</summary>
    [Fact]
    public void Child_TrainsUntilKilled()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "skipped: this is the process that another test starts and kills");
        string checkpoint = Path.Combine(folder, "run.onnx");
        Dataset data = TestData.Bars(64);
        TrainerOptions options = Options with { CheckpointPath = checkpoint };
        OnnxModel Build() => Mlp.Build(new ZooOptions { Height = TestData.Size, Width = TestData.Size, Classes = TestData.Classes });
        using Trainer trainer = File.Exists(checkpoint) ? Trainer.Resume(checkpoint, data, options) : new Trainer(Build(), data, options);
        trainer.Run(new Lines(), TestContext.Current.CancellationToken);
    }

    private static void TrainAndKill(string folder, int steps)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Edge.Training.Tests.dll"), "-method", $"*{nameof(Child_TrainsUntilKilled)}" },
            Environment = { [FolderVariable] = folder },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        int seen = 0;
        while (seen < steps && process.StandardOutput.ReadLine() is { } line)
        {
            seen += line.StartsWith("step ", StringComparison.Ordinal) ? 1 : 0;
        }
        process.Kill();
        process.WaitForExit();
        Assert.Equal(steps, seen);
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {value.Step}"));
    }
}
