using System.Text.Json;

namespace Edge.Benchmarks.Runtime;

/// <summary>What edge-runtime measured of itself in one round.</summary>
internal sealed record OwnFigures(
    double SequentialP50, double BareP50, double PreprocessP50, double EngineCpuMs, double DecodeCpuMs, double AllocatedBytes, double RssGrowthMB,
    double PipelinedFps, double PipelinedCpuMs, double PeakRssMB, double FirstResultMs, double BareSessionMs, double PipelinedAllocatedBytes, int Results)
{
    public static OwnFigures Measure(string runtime, Workload work, double seconds, int frames)
    {
        Child bench = Child.Run(runtime, "bench", work.Package, "--images", work.Photos, "--trust", work.Key, "--threads", "1", "--seconds", Text(seconds), "--json");
        using JsonDocument report = JsonDocument.Parse(string.Join('\n', bench.Lines));
        JsonElement sequential = report.RootElement;
        string stats = Path.Combine(work.Folder, "stats.json");
        Child run = Child.Run(runtime, "run", "--config", work.Config, "--stats", stats);
        using JsonDocument ran = JsonDocument.Parse(File.ReadAllBytes(stats));
        JsonElement pipeline = ran.RootElement.GetProperty("pipelines")[0];
        return new OwnFigures(
            P50(sequential.GetProperty("latencyMs"), "total"),
            P50(sequential, "bareEngineMs"),
            P50(sequential.GetProperty("latencyMs"), "preprocess"),
            Number(sequential, "bareEngineCpuMs"),
            Number(sequential, "bareDecodeCpuMs"),
            Number(sequential, "allocatedBytesPerFrame"),
            Number(sequential, "rssGrowthMB"),
            Number(pipeline, "imagesPerSecond"),
            run.CpuSeconds * 1000 / frames,
            Number(ran.RootElement, "peakRssMB"),
            run.FirstLineMs,
            Number(sequential, "bareSessionMs"),
            Number(pipeline, "allocatedBytesPerFrame"),
            run.Lines.Count);
    }

    private static double P50(JsonElement element, string name) => element.GetProperty(name).GetProperty("p50").GetDouble();

    private static double Number(JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    private static string Text(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
