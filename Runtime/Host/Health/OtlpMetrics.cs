using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Edge.Fleet.Protocol;

namespace Edge.Runtime.Health;

/// <summary>
/// A health message as OpenTelemetry metrics: the JSON encoding of <c>ExportMetricsServiceRequest</c> (OTLP 1.3; 64-bit numbers
/// and times are texts).
/// </summary>
internal static class OtlpMetrics
{
    private const int Cumulative = 2;

    /// <summary>Writes the request.</summary>
    /// <param name="health">How the device is.</param>
    /// <param name="device">The device's name.</param>
    internal static byte[] Write(HealthMessage health, string device)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using var json = new Utf8JsonWriter(buffer);
        string time = Nanoseconds(health.Time);
        string start = Nanoseconds(health.Time - TimeSpan.FromSeconds(health.UptimeSeconds));
        var metrics = new MetricWriter(json, time, start);
        json.WriteStartObject();
        json.WriteStartArray("resourceMetrics");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        MetricWriter.Attribute(json, "service.name", "edge-runtime");
        MetricWriter.Attribute(json, "service.version", health.Version);
        MetricWriter.Attribute(json, "service.instance.id", device);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeMetrics");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "edge-runtime");
        json.WriteString("version", health.Version);
        json.WriteEndObject();
        json.WriteStartArray("metrics");
        WriteMachine(metrics, health);
        foreach (PipelineHealth pipeline in health.Pipelines)
        {
            WritePipeline(metrics, pipeline);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMachine(MetricWriter metrics, HealthMessage health)
    {
        metrics.Gauge("process.cpu.utilization", "1", health.Machine.CpuPercent / 100);
        metrics.Gauge("process.memory.usage", "By", health.Machine.RssMB * 1e6);
        metrics.Gauge("edge.health.ok", "1", health.Ok ? 1 : 0);
        if (health.Machine.TemperatureCelsius is { } temperature)
        {
            metrics.Gauge("edge.temperature", "Cel", temperature);
        }
        if (health.Mqtt is { } mqtt)
        {
            metrics.Sum("edge.mqtt.published", "{message}", mqtt.Published);
            metrics.Sum("edge.mqtt.acknowledged", "{message}", mqtt.Acknowledged);
            metrics.Sum("edge.mqtt.dropped", "{message}", mqtt.Dropped);
            metrics.Sum("edge.mqtt.reconnects", "{reconnect}", mqtt.Reconnects);
        }
    }

    private static void WritePipeline(MetricWriter metrics, PipelineHealth pipeline)
    {
        string name = pipeline.Name;
        metrics.Sum("edge.frames", "{frame}", pipeline.Frames.In, ("pipeline", name), ("outcome", "in"));
        metrics.Sum("edge.frames", "{frame}", pipeline.Frames.Out, ("pipeline", name), ("outcome", "out"));
        metrics.Sum("edge.frames", "{frame}", pipeline.Frames.Failed, ("pipeline", name), ("outcome", "failed"));
        metrics.Sum("edge.frames", "{frame}", pipeline.Frames.Dropped, ("pipeline", name), ("outcome", "dropped"));
        metrics.Sum("edge.source.restarts", "{restart}", pipeline.Source.Restarts, ("pipeline", name));
        metrics.Sum("edge.model.failures", "{failure}", pipeline.ModelHealth.Failures, ("pipeline", name));
        metrics.Gauge("edge.frame.rate", "{frame}/s", pipeline.FramesPerSecond, ("pipeline", name));
        if (pipeline.LatencyMs is { } latency)
        {
            WriteStage(metrics, name, "total", latency.Total);
            WriteStage(metrics, name, "read", latency.Read);
            WriteStage(metrics, name, "decode", latency.Decode);
            WriteStage(metrics, name, "preprocess", latency.Preprocess);
            WriteStage(metrics, name, "infer", latency.Infer);
            WriteStage(metrics, name, "postprocess", latency.Postprocess);
            WriteStage(metrics, name, "publish", latency.Publish);
        }
        if (pipeline.Drift is { } drift)
        {
            WriteDrift(metrics, name, "classes", drift.Classes);
            WriteDrift(metrics, name, "confidence", drift.Confidence);
        }
    }

    private static void WriteStage(MetricWriter metrics, string pipeline, string stage, StagePercentiles percentiles)
    {
        metrics.Gauge("edge.stage.duration", "ms", percentiles.P50, ("pipeline", pipeline), ("stage", stage), ("quantile", "0.5"));
        metrics.Gauge("edge.stage.duration", "ms", percentiles.P95, ("pipeline", pipeline), ("stage", stage), ("quantile", "0.95"));
        metrics.Gauge("edge.stage.duration", "ms", percentiles.P99, ("pipeline", pipeline), ("stage", stage), ("quantile", "0.99"));
    }

    private static void WriteDrift(MetricWriter metrics, string pipeline, string of, double? index)
    {
        if (index is { } value)
        {
            metrics.Gauge("edge.drift.psi", "1", value, ("pipeline", pipeline), ("of", of));
        }
    }

    private static string Nanoseconds(DateTimeOffset time) =>
        ((time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);

    private sealed class MetricWriter(Utf8JsonWriter json, string time, string start)
    {
        internal static void Attribute(Utf8JsonWriter json, string key, string value)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        internal void Gauge(string name, string unit, double value, params (string Key, string Value)[] attributes)
        {
            Begin(name, unit, "gauge", attributes);
            json.WriteNumber("asDouble", double.IsFinite(value) ? value : 0);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        internal void Sum(string name, string unit, long value, params (string Key, string Value)[] attributes)
        {
            Begin(name, unit, "sum", attributes);
            json.WriteString("startTimeUnixNano", start);
            json.WriteString("asInt", value.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteNumber("aggregationTemporality", Cumulative);
            json.WriteBoolean("isMonotonic", true);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void Begin(string name, string unit, string kind, (string Key, string Value)[] attributes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("unit", unit);
            json.WriteStartObject(kind);
            json.WriteStartArray("dataPoints");
            json.WriteStartObject();
            json.WriteStartArray("attributes");
            foreach ((string key, string value) in attributes)
            {
                Attribute(json, key, value);
            }
            json.WriteEndArray();
            json.WriteString("timeUnixNano", time);
        }
    }
}
