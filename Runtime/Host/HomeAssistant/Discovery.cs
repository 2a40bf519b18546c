using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Edge.Fleet.Protocol;
using Edge.Runtime.Configuration;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;

namespace Edge.Runtime.HomeAssistant;

/// <summary>
/// Announces the device to Home Assistant by its device-based MQTT discovery: one retained message that lists everything the
/// device has to show and to set. What is gone is taken away from there too. One thread at a time.
/// </summary>
/// <param name="uplink">The device's connection.</param>
internal sealed class Discovery(Uplink uplink)
{
    private Dictionary<string, string> _components = new(StringComparer.Ordinal);
    private string? _topic;
    private byte[] _last = [];

    /// <summary>Says what there is, if it differs from what was said last.</summary>
    /// <param name="config">The configuration; without <c>homeAssistant</c> the device is taken away.</param>
    /// <param name="pipelines">The pipelines of the moment.</param>
    /// <param name="again">Says it even where nothing differs: the broker may have forgotten.</param>
    internal void Publish(RuntimeConfig config, IReadOnlyList<Pipeline> pipelines, bool again)
    {
        string? topic = config.HomeAssistant is { } home ? $"{home.Prefix}/device/{DeviceId(config)}/config" : null;
        if (_topic is not null && _topic != topic)
        {
            uplink.Retain(_topic, []);
            (_components, _last) = (new Dictionary<string, string>(StringComparer.Ordinal), []);
        }
        _topic = topic;
        if (topic is null)
        {
            return;
        }
        var components = new Dictionary<string, string>(StringComparer.Ordinal);
        byte[] message = Write(config, pipelines, components, removed: null);
        var removed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string platform) in _components)
        {
            if (!components.ContainsKey(key))
            {
                removed.Add(key, platform);
            }
        }
        if (removed.Count > 0)
        {
            // A component that has only its platform is removed; afterwards it need not be mentioned.
            uplink.Retain(topic, Write(config, pipelines, [], removed));
        }
        if (again || removed.Count > 0 || !message.AsSpan().SequenceEqual(_last))
        {
            uplink.Retain(topic, message);
        }
        (_components, _last) = (components, message);
    }

    private static string DeviceId(RuntimeConfig config) => ComponentWriter.Id($"{config.Root}_{config.Device}");

    private byte[] Write(RuntimeConfig config, IReadOnlyList<Pipeline> pipelines, Dictionary<string, string> written, Dictionary<string, string>? removed)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartObject("device");
        json.WriteStartArray("identifiers");
        json.WriteStringValue(DeviceId(config));
        json.WriteEndArray();
        json.WriteString("name", config.HomeAssistant!.Name ?? config.Device);
        json.WriteString("manufacturer", "Edge");
        json.WriteString("model", "edge-runtime");
        json.WriteString("sw_version", Product.Version);
        json.WriteEndObject();
        json.WriteStartObject("origin");
        json.WriteString("name", "edge-runtime");
        json.WriteString("sw_version", Product.Version);
        json.WriteEndObject();
        json.WriteStartArray("availability");
        json.WriteStartObject();
        json.WriteString("topic", uplink.Topics.Status);
        json.WriteString("value_template", "{{ value_json.status }}");
        json.WriteString("payload_available", "online");
        json.WriteString("payload_not_available", "offline");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNumber("qos", 1);
        json.WriteStartObject("components");
        var components = new ComponentWriter(json, DeviceId(config), written);
        var packages = new HashSet<string>(StringComparer.Ordinal);
        foreach (Pipeline pipeline in pipelines)
        {
            WritePipeline(components, pipeline);
            if (config.Update is not null && pipeline.Model is { } model && packages.Add(model.Reference.Name))
            {
                WriteUpdate(components, model.Reference.Name);
            }
        }
        foreach (GpioConfig line in config.Gpio)
        {
            WriteLine(components, line);
        }
        WriteHealth(components);
        foreach ((string key, string platform) in removed ?? [])
        {
            json.WriteStartObject(key);
            json.WriteString("platform", platform);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void WritePipeline(ComponentWriter components, Pipeline pipeline)
    {
        string name = pipeline.Name;
        Topics topics = uplink.Topics;
        if (pipeline.Model is { } model)
        {
            new PipelineComponents(components, name, topics.Result(name)).Write(pipeline.Config, model);
        }
        components.Begin($"{name}_enabled", "switch", $"{name} running")
            .Add("state_topic", topics.State(name)).Add("value_template", "{{ 'ON' if value_json.enabled else 'OFF' }}")
            .Add("command_topic", topics.Set(name)).Add("payload_on", "enable").Add("payload_off", "disable")
            .Add("state_on", "ON").Add("state_off", "OFF").Add("icon", "mdi:play-pause").End();
        components.Begin($"{name}_threshold", "number", $"{name} threshold")
            .Add("state_topic", topics.State(name)).Add("value_template", "{{ value_json.threshold }}")
            .Add("command_topic", topics.Set(name)).Add("command_template", "{\"threshold\": {{ value }}}")
            .Add("min", 0).Add("max", 1).Add("step", 0.01).Add("mode", "slider").Add("entity_category", "config").End();
        if (pipeline.Config.Snapshot is not null)
        {
            components.Begin($"{name}_snapshot", "image", $"{name} snapshot")
                .Add("image_topic", topics.Snapshot(name)).Add("content_type", "image/jpeg").End();
        }
        string health = $"(value_json.pipelines | selectattr('name', 'eq', {ComponentWriter.Quote(name)}) | first | default({{}}))";
        components.Begin($"{name}_fps", "sensor", $"{name} frames per second")
            .Add("state_topic", topics.Health).Add("value_template", $"{{{{ {health}.framesPerSecond }}}}").Measurement("Hz", "frequency").Diagnostic().End();
        components.Begin($"{name}_latency", "sensor", $"{name} latency p95")
            .Add("state_topic", topics.Health).Add("value_template", $"{{{{ ({health}.latencyMs or {{}}).get('total', {{}}).get('p95') }}}}").Measurement("ms", "duration").Diagnostic().End();
    }

    private void WriteLine(ComponentWriter components, GpioConfig line)
    {
        string name = line.Name;
        components.Begin($"{name}_line", line.IsOutput ? "switch" : "binary_sensor", name)
            .Add("state_topic", uplink.Topics.State(name)).Add("value_template", "{{ none if value_json.active is none else 'ON' if value_json.active else 'OFF' }}");
        if (line.IsOutput)
        {
            components.Add("command_topic", uplink.Topics.Set(name)).Add("payload_on", "on").Add("payload_off", "off").Add("state_on", "ON").Add("state_off", "OFF");
        }
        components.End();
    }

    private void WriteUpdate(ComponentWriter components, string package)
    {
        string report = $"{{% set p = value_json.packages | selectattr('name', 'eq', {ComponentWriter.Quote(package)}) | first | default({{}}) %}}";
        components.Begin($"{package}_update", "update", $"{package} model")
            .Add("state_topic", uplink.Topics.UpdateReported)
            .Add("value_template", report + UpdateTemplate)
            .Add("entity_category", "diagnostic").End();
    }

    private void WriteHealth(ComponentWriter components)
    {
        string topic = uplink.Topics.Health;
        components.Begin("temperature", "sensor", "Temperature").Add("state_topic", topic)
            .Add("value_template", "{{ value_json.machine.temperatureCelsius }}").Measurement("°C", "temperature").Diagnostic().End();
        components.Begin("memory", "sensor", "Memory").Add("state_topic", topic)
            .Add("value_template", "{{ value_json.machine.rssMB }}").Measurement("MB", "data_size").Diagnostic().End();
        components.Begin("cpu", "sensor", "Processor").Add("state_topic", topic)
            .Add("value_template", "{{ value_json.machine.cpuPercent }}").Measurement("%").Diagnostic().End();
        components.Begin("problem", "binary_sensor", "Problem").Add("state_topic", topic)
            .Add("value_template", "{{ 'OFF' if value_json.ok else 'ON' }}").Add("device_class", "problem").Diagnostic()
            .Add("json_attributes_topic", topic).Add("json_attributes_template", "{{ {'problems': value_json.problems} | tojson }}").End();
    }

    private const string UpdateTemplate =
        "{% set run = (p.get('running') or {}).get('version', 'none') %}"
        + "{% set busy = p.get('phase') in ['downloading', 'verifying', 'staged', 'trial'] %}"
        + "{{ {'installed_version': run, 'latest_version': (p.get('target') or {}).get('version', run) if busy else run, "
        + "'in_progress': busy, 'update_percentage': p.get('progressPercent') if p.get('phase') == 'downloading' else none} | tojson }}";
}
