using System.Text.Json;
using System.Text.Json.Serialization;
using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Training.Data;

namespace Edge.Cli.Demo;

/// <summary>A run of the native runtime over a folder of pictures, and what came of it over MQTT.</summary>
/// <param name="Results">One answer a picture, by picture.</param>
/// <param name="Stats">What the runtime says about the run.</param>
/// <param name="PeakRssMB">Its largest memory.</param>
internal sealed record DeviceRun(IReadOnlyList<DeviceResult> Results, DeviceRun.PipelineStats Stats, double PeakRssMB)
{
    /// <summary>Runs edge-runtime until it has looked at every picture.</summary>
    internal static async Task<DeviceRun> RunAsync(DeviceJob job, Subscriber subscriber, CancellationToken cancellation)
    {
        string configuration = Path.Combine(job.Folder, $"{job.Name}.json");
        string stats = Path.Combine(job.Folder, $"{job.Name}.stats.json");
        AtomicFile.WriteAllText(configuration, Json.Text(new
        {
            device = job.Name,
            broker = new { host = "127.0.0.1", port = job.Port },
            trustedKeys = new[] { Path.GetFullPath(job.PublicKey) },
            pipelines = new[] { new { name = "camera", package = Path.GetFullPath(job.Package), source = new { type = "folder", path = Path.GetFullPath(job.Pictures) } } },
        }) + "\n");
        var topics = new Topics(Topics.DefaultRoot, job.Name);
        var progress = new ProgressLine();
        using Tool runtime = Tool.Start(job.RuntimePath, "", "run", "--config", configuration, "--stats", stats);
        Task<IReadOnlyList<ClassificationResult>> collecting = subscriber.CollectAsync(topics, count => progress.Show($"demo: {count} answers"), cancellation);
        (int code, string error) = await runtime.WaitAsync(cancellation);
        if (code != ExitCode.Success)
        {
            throw new ToolException($"edge-runtime ended with code {code}: {error}");
        }
        IReadOnlyList<ClassificationResult> received = await collecting;
        progress.Clear();
        RuntimeStats report = JsonSerializer.Deserialize<RuntimeStats>(await File.ReadAllBytesAsync(stats, cancellation), Json.Options)!;
        DeviceResult[] results = [.. received.Select(result => new DeviceResult(PictureFiles.Index(result.Source), result.Classes[0].Index, result.Classes[0].Label ?? "", result.Classes[0].Score)).OrderBy(result => result.Index)];
        return new DeviceRun(results, report.Pipelines[0], report.PeakRssMB);
    }

    /// <summary>The share of pictures whose class the model named.</summary>
    internal double Accuracy(ImageDataset test) => (double)Results.Count(result => result.Class == test.ClassOf(result.Index)) / Results.Count;

    internal sealed record RuntimeStats([property: JsonPropertyName("peakRssMB")] double PeakRssMB, IReadOnlyList<PipelineStats> Pipelines);

    internal sealed record PipelineStats(double ImagesPerSecond, double? AllocatedBytesPerFrame, LatencyStats LatencyMs);

    internal sealed record LatencyStats(Percentiles Total);

    internal sealed record Percentiles(double P50, double P99);
}
