using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Service;

namespace Edge.Runtime.Verbs;

/// <summary>
/// The work of <c>bench</c>: the stages of a pipeline without a broker, and after every frame the bare engine on the
/// input that the frame has left in the session's tensor, so that both see the same machine at the same time.
/// </summary>
internal static class BenchWork
{
    private const int WarmUpFrames = 10;
    private const double MaximumSeconds = 3600;

    internal static int Run(BenchRequest request)
    {
        if (!(request.Seconds > 0) || request.Seconds > MaximumSeconds)
        {
            throw new ConfigException($"--seconds {request.Seconds}: give more than 0, at most {MaximumSeconds}");
        }
        Package package = Package.Open(request.Package, request.Trust);
        FolderSource source = FolderSource.Open(request.Images, pattern: null);
        using var stop = new StopSignal();
        using var classifier = new FrameClassifier(package, request.Settings, topK: null);
        BenchReport report = Measure(classifier, source, TimeSpan.FromSeconds(request.Seconds), stop.Token);
        if (request.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, ReportJsonContext.Default.BenchReport));
        }
        else
        {
            Print(report);
        }
        return ExitCode.Success;
    }

    private static BenchReport Measure(FrameClassifier classifier, FolderSource source, TimeSpan time, CancellationToken stop)
    {
        using var reader = new FileReader();
        var stats = new PipelineStats();
        var bare = new LatencyHistogram();
        TimeSpan frames = TimeSpan.Zero;
        for (int i = 0; i < WarmUpFrames; i++)
        {
            string path = source.FilePath(i % source.Count);
            classifier.Classify(reader.Read(path), path, out _);
            classifier.RunBare();
        }
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(start) < time && !stop.IsCancellationRequested; i++)
        {
            string path = source.FilePath(i % source.Count);
            long begin = Stopwatch.GetTimestamp();
            ReadOnlySpan<byte> file = reader.Read(path);
            long read = Stopwatch.GetTimestamp();
            classifier.Classify(file, path, out StageTimes times);
            long end = Stopwatch.GetTimestamp();
            classifier.RunBare();
            bare.Record(Stopwatch.GetElapsedTime(end));
            frames += Stopwatch.GetElapsedTime(begin, end);
            stats.Frames++;
            stats.AddResult(Stopwatch.GetElapsedTime(begin, end), Stopwatch.GetElapsedTime(begin, read), times, TimeSpan.Zero);
        }
        return new BenchReport
        {
            Version = Product.Version,
            Engine = Product.Engine,
            Provider = classifier.Provider,
            Model = classifier.Model,
            Frames = stats.Frames,
            ImagesPerSecond = Math.Round(stats.Frames / frames.TotalSeconds, 2),
            AllocatedBytesPerFrame = stats.AllocatedBytesPerFrame,
            RssMB = Math.Round(ProcessFacts.ResidentMegabytes, 1),
            LatencyMs = LatencyReport.From(stats),
            BareEngineMs = StageReport.From(bare),
        };
    }

    private static void Print(BenchReport report)
    {
        TextWriter output = Console.Out;
        output.WriteLine($"{report.Model.Name} {report.Model.Version} on {report.Provider}, {report.Engine}, {report.Frames} frames");
        output.WriteLine("stage             p50 ms    p95 ms    p99 ms");
        Row(output, "read", report.LatencyMs.Read);
        Row(output, "decode", report.LatencyMs.Decode);
        Row(output, "preprocess", report.LatencyMs.Preprocess);
        Row(output, "infer", report.LatencyMs.Infer);
        Row(output, "postprocess", report.LatencyMs.Postprocess);
        Row(output, "total", report.LatencyMs.Total);
        Row(output, "bare engine", report.BareEngineMs);
        string allocated = report.AllocatedBytesPerFrame is { } bytes ? bytes.ToString("0.##", CultureInfo.InvariantCulture) : "too few frames for";
        double ratio = report.BareEngineMs.P50 > 0 ? report.LatencyMs.Total.P50 / report.BareEngineMs.P50 : 0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.ImagesPerSecond:0} images/s; total / bare engine {ratio:0.00}; {allocated} bytes allocated a frame; {report.RssMB:0.0} MB resident"));
    }

    private static void Row(TextWriter output, string name, StageReport stage) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-14}{stage.P50,10:0.000}{stage.P95,10:0.000}{stage.P99,10:0.000}"));
}
