using System.Text;
using System.Text.Json;

namespace Edge.Runtime.HomeAssistant;

/// <summary>Writes the components of a discovery message.</summary>
/// <param name="json">Where they go.</param>
/// <param name="device">The device's id, the beginning of every unique id.</param>
/// <param name="written">Gets every component's key and platform.</param>
internal sealed class ComponentWriter(Utf8JsonWriter json, string device, Dictionary<string, string> written)
{
    /// <summary>Begins a component.</summary>
    /// <param name="key">Unique in the device.</param>
    /// <param name="platform">Home Assistant's platform.</param>
    /// <param name="name">What people read.</param>
    internal ComponentWriter Begin(string key, string platform, string name)
    {
        string id = Id(key);
        written[id] = platform;
        json.WriteStartObject(id);
        json.WriteString("platform", platform);
        json.WriteString("unique_id", $"{device}_{id}");
        return Add("name", name);
    }

    internal ComponentWriter Add(string name, string value)
    {
        json.WriteString(name, value);
        return this;
    }

    internal ComponentWriter Add(string name, double value)
    {
        json.WriteNumber(name, value);
        return this;
    }

    /// <summary>A number that is measured again and again.</summary>
    internal ComponentWriter Measurement(string? unit = null, string? deviceClass = null)
    {
        json.WriteString("state_class", "measurement");
        if (unit is not null)
        {
            json.WriteString("unit_of_measurement", unit);
        }
        return deviceClass is null ? this : Add("device_class", deviceClass);
    }

    /// <summary>Something for those who look after the device.</summary>
    internal ComponentWriter Diagnostic() => Add("entity_category", "diagnostic");

    internal void End() => json.WriteEndObject();

    /// <summary>A text as Home Assistant takes ids: letters, digits, '_' and '-'; anything else by its code, so that two names never meet.</summary>
    internal static string Id(string text)
    {
        var id = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? id.Append(c) : id.Append('-').Append(((int)c).ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        }
        return id.ToString();
    }

    /// <summary>A text inside a template's quotes.</summary>
    internal static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
