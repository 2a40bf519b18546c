using Edge.Inference;

namespace Edge.Runtime.Reporting;

/// <summary>Percentiles of one stage, in milliseconds.</summary>
internal sealed record StageReport(double P50, double P95, double P99)
{
    internal static StageReport From(LatencyHistogram histogram) => new(
        Milliseconds(histogram, 0.50),
        Milliseconds(histogram, 0.95),
        Milliseconds(histogram, 0.99));

    private static double Milliseconds(LatencyHistogram histogram, double share) =>
        Math.Round(histogram.Percentile(share).TotalMilliseconds, 4);
}
