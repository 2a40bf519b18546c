using System.Globalization;

namespace Edge.Cli.Demo;

/// <summary>The one table that the demo prints, and the page shows.</summary>
internal static class DemoTable
{
    internal static IReadOnlyList<string> Header { get; } = ["", "float32", "int8"];

    internal static IEnumerable<IReadOnlyList<string>> Rows(DemoReport report) =>
    [
        ["accuracy offline, whole test set", Text($"{report.Fp32Accuracy:P2}"), Text($"{report.Int8Accuracy:P2}")],
        [Text($"accuracy offline, the {report.Pictures:N0} pictures"), Text($"{report.Fp32SampleAccuracy:P2}"), Text($"{report.Int8SampleAccuracy:P2}")],
        ["accuracy as received over MQTT, PNG", Text($"{report.MqttFp32Accuracy:P2}"), Text($"{report.MqttAccuracy:P2}")],
        ["accuracy as received over MQTT, JPEG", "", Text($"{report.MqttJpegAccuracy:P2}")],
        ["model bytes", Text($"{report.Fp32Bytes:N0}"), Text($"{report.Int8Bytes:N0}")],
        ["file to result, p50 ms", Text($"{report.P50Ms:F3}"), Text($"{report.Int8P50Ms:F3}")],
        ["file to result, p99 ms", Text($"{report.P99Ms:F3}"), Text($"{report.Int8P99Ms:F3}")],
        ["images/s", Text($"{report.Fp32ImagesPerSecond:N0}"), Text($"{report.Int8ImagesPerSecond:N0}")],
        ["peak memory of edge-runtime, MB", "", Text($"{report.RssMB:F1}")],
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
