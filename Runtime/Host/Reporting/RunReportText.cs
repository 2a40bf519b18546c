using System.Globalization;
using System.Text.Json;
using Edge.Foundation;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Reporting;

/// <summary>A run's report for the log and for a file.</summary>
internal static class RunReportText
{
    internal static string Line(PipelineReport report) => string.Create(CultureInfo.InvariantCulture,
        $"pipeline {report.Name}: {report.Frames} frames, {report.Results} results, {report.Published} published, {report.Skipped} skipped, {report.Dropped} dropped, {report.Overtaken} overtaken; p50 {report.LatencyMs.Total.P50:0.00} ms, p95 {report.LatencyMs.Total.P95:0.00} ms, p99 {report.LatencyMs.Total.P99:0.00} ms; {report.ImagesPerSecond:0} images/s; {Bytes(report.AllocatedBytesPerFrame)} a frame");

    internal static string Line(RunReport report) => string.Create(CultureInfo.InvariantCulture,
        $"done: first result {report.FirstResultMs ?? 0:0} ms after start, {report.RssMB:0.0} MB resident (at most {report.PeakRssMB:0.0}), {report.Mqtt?.Acknowledged ?? 0} messages acknowledged, {report.Mqtt?.Reconnects ?? 0} reconnects");

    /// <summary>Writes the report as JSON, whole or not at all.</summary>
    /// <exception cref="ConfigException">The file cannot be written.</exception>
    internal static void Write(RunReport report, string path)
    {
        try
        {
            AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(report, ReportJsonContext.Default.RunReport));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{path}: cannot be written: check --stats, its folder and the free space", e);
        }
    }

    private static string Bytes(double? bytes) => bytes is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count:0.##} B allocated") : "allocation not measured";
}
