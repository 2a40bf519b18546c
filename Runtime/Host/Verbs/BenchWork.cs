using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Foundation;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Service;

namespace Edge.Runtime.Verbs;

/// <summary>
/// The work of <c>bench</c>: the stages of a pipeline without a broker, and after every frame the bare engine on the input that
/// the frame has left in the session's tensor and the bare decoder on the same file, so that all see the same machine at the
/// same time.
/// </summary>
internal static class BenchWork
{
    private const int WarmUpFrames = 10;
    private const int BareSessions = 5;
    private const double MaximumSeconds = 3600;

    internal static int Run(BenchRequest request)
    {
        if (!(request.Seconds > 0) || request.Seconds > MaximumSeconds)
        {
            throw new ConfigException($"--seconds {request.Seconds}: give more than 0, at most {MaximumSeconds}");
        }
        using var engine = new EngineStart();
        FolderSource source = FolderSource.Open(request.Images, pattern: null);
        using var stop = new StopSignal();
        using VisionModel model = VisionModel.Open(Package.Open(request.Package, request.Trust), request.Settings with { MeasureThreads = true });
        double bareSession = BareSession(model, request.Settings);
        model.ReleaseContents();
        BenchReport report = Measure(model, source, TimeSpan.FromSeconds(request.Seconds), stop.Token) with { BareSessionMs = bareSession };
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

    /// <summary>What the engine alone takes to load the model, the best of a few: without the cache, the trials and the binding that a pipeline adds or saves.</summary>
    private static double BareSession(VisionModel model, SessionSettings settings)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < BareSessions; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            using var session = new LoadedModel(model.Package.Model, settings with { CacheFolder = null, Threads = model.Threads, MaximumBatch = 1 }, model.Package.Source);
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        return Math.Round(best, 3);
    }

    private static BenchReport Measure(VisionModel model, FolderSource source, TimeSpan time, CancellationToken stop)
    {
        using var frames = new BenchFrames(model);
        for (int i = 0; i < WarmUpFrames; i++)
        {
            frames.Look(source.FilePath(i % source.Count));
        }
        frames.Forget();
        double before = ProcessFacts.ResidentMegabytes;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(start) < time && !stop.IsCancellationRequested; i++)
        {
            frames.Look(source.FilePath(i % source.Count));
        }
        Manifest manifest = model.Package.Manifest;
        return new BenchReport
        {
            Version = Product.Version,
            Engine = Product.Engine,
            Provider = model.ProviderReport.ToString(),
            Model = new ModelReference { Name = manifest.Name, Version = manifest.Version, Release = manifest.Release },
            Threads = model.Threads,
            Frames = frames.Count,
            ImagesPerSecond = Math.Round(frames.Count / frames.Elapsed.TotalSeconds, 2),
            AllocatedBytesPerFrame = frames.Count == 0 ? null : Math.Round((double)frames.Allocated / frames.Count, 2),
            RssMB = Math.Round(ProcessFacts.ResidentMegabytes, 1),
            RssGrowthMB = Math.Round(ProcessFacts.ResidentMegabytes - before, 1),
            LatencyMs = frames.Latency(),
            BareEngineMs = StageReport.From(frames.BareEngine),
            BareDecodeMs = StageReport.From(frames.BareDecode),
            BareEngineCpuMs = frames.PerFrame(frames.EngineCpu),
            BareDecodeCpuMs = frames.PerFrame(frames.DecodeCpu),
        };
    }

    private static void Print(BenchReport report)
    {
        TextWriter output = Console.Out;
        output.WriteLine($"{report.Model.Name} {report.Model.Version} on {report.Provider}, {report.Engine}, {report.Threads} threads, {report.Frames} frames");
        output.WriteLine("stage             p50 ms    p95 ms    p99 ms");
        Row(output, "read", report.LatencyMs.Read);
        Row(output, "decode", report.LatencyMs.Decode);
        Row(output, "preprocess", report.LatencyMs.Preprocess);
        Row(output, "infer", report.LatencyMs.Infer);
        Row(output, "postprocess", report.LatencyMs.Postprocess);
        Row(output, "total", report.LatencyMs.Total);
        Row(output, "bare engine", report.BareEngineMs);
        Row(output, "bare decode", report.BareDecodeMs);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"bare session",-14}{report.BareSessionMs,10:0.000}"));
        string allocated = report.AllocatedBytesPerFrame is { } bytes ? bytes.ToString("0.##", CultureInfo.InvariantCulture) : "too few frames for";
        double ratio = report.BareEngineMs.P50 > 0 ? report.LatencyMs.Total.P50 / report.BareEngineMs.P50 : 0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.ImagesPerSecond:0} images/s; total / bare engine {ratio:0.00}; {allocated} bytes allocated a frame; {report.RssMB:0.0} MB resident"));
    }

    private static void Row(TextWriter output, string name, StageReport stage) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-14}{stage.P50,10:0.000}{stage.P95,10:0.000}{stage.P99,10:0.000}"));
}
