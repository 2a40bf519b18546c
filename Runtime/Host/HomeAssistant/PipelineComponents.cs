using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;

namespace Edge.Runtime.HomeAssistant;

/// <summary>What a pipeline's results show in Home Assistant, by the task of its model.</summary>
/// <param name="components">Where components go.</param>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="topic">Its results.</param>
internal sealed class PipelineComponents(ComponentWriter components, string pipeline, string topic)
{
    /// <summary>Longer lists of options help nobody.</summary>
    private const int MostOptions = 100;

    internal void Write(PipelineConfig config, PipelineModel model)
    {
        switch (model.Task)
        {
            case ModelTask.Detect:
                WriteCounts(config);
                break;
            case ModelTask.Anomaly:
                WriteReadings(model);
                WriteAnomaly();
                break;
            case ModelTask.SensorClassify:
                WriteReadings(model);
                WriteClass("(value_json.state or {}).get('label', (value_json.state or {}).get('index'))");
                break;
            default:
                WriteClass("(value_json.classes | first | default({})).get('label', (value_json.classes | first | default({})).get('index'))");
                break;
        }
    }

    private void WriteClass(string expression)
    {
        components.Begin($"{pipeline}_class", "sensor", $"{pipeline} class").Add("state_topic", topic)
            .Add("value_template", $"{{{{ {expression} }}}}").Add("icon", "mdi:shape").End();
        components.Begin($"{pipeline}_score", "sensor", $"{pipeline} confidence").Add("state_topic", topic)
            .Add("value_template", "{{ ((value_json.classes | first | default({})).get('score', 0) * 100) | round(1) }}").Measurement("%").End();
    }

    private void WriteCounts(PipelineConfig config)
    {
        string all = config.FollowsObjects ? "value_json.objects.count" : "value_json.detections | count";
        components.Begin($"{pipeline}_count", "sensor", $"{pipeline} objects").Add("state_topic", topic)
            .Add("value_template", $"{{{{ {all} }}}}").Measurement().Add("icon", "mdi:counter").End();
        foreach (ZoneConfig zone in config.Zones)
        {
            string count = $"value_json.zones[{ComponentWriter.Quote(zone.Name)}].count";
            components.Begin($"{pipeline}_zone_{zone.Name}", "binary_sensor", $"{pipeline} {zone.Name}").Add("state_topic", topic)
                .Add("value_template", $"{{{{ 'ON' if {count} > 0 else 'OFF' }}}}").Add("device_class", "occupancy").End();
            components.Begin($"{pipeline}_zone_{zone.Name}_count", "sensor", $"{pipeline} {zone.Name} objects").Add("state_topic", topic)
                .Add("value_template", $"{{{{ {count} }}}}").Measurement().Add("icon", "mdi:counter").End();
        }
        foreach (LineConfig line in config.Lines)
        {
            foreach ((string field, string name) in (ReadOnlySpan<(string, string)>)[("leftToRight", "left to right"), ("rightToLeft", "right to left")])
            {
                components.Begin($"{pipeline}_line_{line.Name}_{field}", "sensor", $"{pipeline} {line.Name} {name}").Add("state_topic", topic)
                    .Add("value_template", $"{{{{ value_json.lines[{ComponentWriter.Quote(line.Name)}].{field} }}}}").Add("state_class", "total_increasing").End();
            }
        }
    }

    private void WriteReadings(PipelineModel model)
    {
        IReadOnlyList<string> columns = model.Sensors!.Columns;
        for (int i = 0; i < columns.Count && i < MostOptions; i++)
        {
            Quantity? quantity = Quantity.Of(columns[i]);
            components.Begin($"{pipeline}_reading_{columns[i]}", "sensor", $"{pipeline} {columns[i]}").Add("state_topic", topic)
                .Add("value_template", $"{{{{ value_json.readings[{ComponentWriter.Quote(columns[i])}] }}}}").Measurement(quantity?.Unit, quantity?.DeviceClass).End();
        }
    }

    private void WriteAnomaly()
    {
        components.Begin($"{pipeline}_anomaly", "binary_sensor", $"{pipeline} anomaly").Add("state_topic", topic)
            .Add("value_template", "{{ 'ON' if value_json.anomaly.isAnomaly else 'OFF' }}").Add("device_class", "problem").End();
        components.Begin($"{pipeline}_anomaly_score", "sensor", $"{pipeline} anomaly score").Add("state_topic", topic)
            .Add("value_template", "{{ value_json.anomaly.score | round(4) }}").Measurement().End();
    }
}
