namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>
/// Sensors of the kernel's hardware monitoring: temperatures, voltages, currents, power, humidity, fans. INA3221 and other power
/// monitors of boards are among them. Units follow Documentation/hwmon/sysfs-interface.rst.
/// </summary>
public static class HwmonSensors
{
    private static readonly (string Kind, string Name, string Unit, double Scale)[] Kinds =
    [
        ("temp", "temperature", "°C", 1e-3),
        ("in", "voltage", "V", 1e-3),
        ("curr", "current", "A", 1e-3),
        ("power", "power", "W", 1e-6),
        ("humidity", "humidity", "%", 1e-3),
        ("fan", "fan", "1/min", 1),
    ];

    /// <summary>Every device that has inputs of a known kind.</summary>
    /// <param name="root">Where <c>sys</c> is: <c>/</c>, or a copy.</param>
    public static IReadOnlyList<SysfsSensor> List(string root = "/")
    {
        var sensors = new List<SysfsSensor>();
        foreach (string folder in SysfsFolders.List(Path.Combine(root, "sys/class/hwmon"), "hwmon*"))
        {
            Add(folder, sensors);
        }
        return sensors;
    }

    /// <summary>Adds the sensor of a folder, if it has something of a known kind.</summary>
    private static void Add(string folder, List<SysfsSensor> sensors)
    {
        var channels = new List<SysfsChannel>();
        foreach (string path in SysfsFolders.Files(folder, "*_input"))
        {
            string input = Path.GetFileName(path)[..^"_input".Length];
            foreach ((string kind, string name, string unit, double scale) in Kinds)
            {
                if (input.StartsWith(kind, StringComparison.Ordinal) && int.TryParse(input.AsSpan(kind.Length), out int number))
                {
                    string label = SysfsFile.Text(Path.Combine(folder, $"{input}_label")) is { Length: > 0 } given ? $"{name} {given}" : $"{name}{number}";
                    channels.Add(new SysfsChannel(new SensorChannel(label, unit), path, 0, scale));
                }
            }
        }
        string device = SysfsFile.Text(Path.Combine(folder, "name")) ?? "hwmon";
        if (channels.Count > 0)
        {
            sensors.Add(new SysfsSensor($"{device}@{Path.GetFileName(folder)}", channels));
        }
    }
}
