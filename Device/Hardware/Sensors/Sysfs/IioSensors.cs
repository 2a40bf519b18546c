using System.Globalization;

namespace Edge.Hardware.Sensors.Sysfs;

/// <summary>
/// Sensors of the kernel's Industrial I/O: a channel with <c>_input</c> is read as it is, one with <c>_raw</c> by its offset and
/// scale. Units follow Documentation/ABI/testing/sysfs-bus-iio.
/// </summary>
public static class IioSensors
{
    // What the attribute's name begins with, its channel, and what a number of the ABI's unit is multiplied with.
    private static readonly (string Kind, string Name, string Unit, double Scale)[] Kinds =
    [
        ("temp", "temperature", "°C", 0.001),
        ("pressure", "pressure", "hPa", 10),
        ("humidityrelative", "humidity", "%", 0.001),
        ("illuminance", "illuminance", "lx", 1),
        ("voltage", "voltage", "V", 0.001),
        ("current", "current", "A", 0.001),
        ("power", "power", "W", 0.001),
        ("accel", "acceleration", "m/s²", 1),
        ("anglvel", "rotation", "°/s", 180 / Math.PI),
        ("concentration", "concentration", "%", 1),
        ("distance", "distance", "m", 1),
    ];

    /// <summary>Every device that has channels of a known kind.</summary>
    /// <param name="root">Where <c>sys</c> is: <c>/</c>, or a copy.</param>
    public static IReadOnlyList<SysfsSensor> List(string root = "/")
    {
        var sensors = new List<SysfsSensor>();
        foreach (string folder in SysfsFolders.List(Path.Combine(root, "sys/bus/iio/devices"), "iio:device*"))
        {
            Add(folder, sensors);
        }
        return sensors;
    }

    /// <summary>Adds the sensor of a folder, if it has something of a known kind.</summary>
    private static void Add(string folder, List<SysfsSensor> sensors)
    {
        var channels = new List<SysfsChannel>();
        foreach (string path in SysfsFolders.Files(folder, "in_*"))
        {
            string file = Path.GetFileName(path);
            int end = file.LastIndexOf('_');
            if (end > 3 && file[end..] is "_input" or "_raw" && Channel(folder, file[3..end], file[end..] == "_raw") is { } channel)
            {
                channels.Add(channel);
            }
        }
        string name = SysfsFile.Text(Path.Combine(folder, "name")) ?? "iio";
        if (channels.Count > 0)
        {
            sensors.Add(new SysfsSensor($"{name}@{Path.GetFileName(folder)}", channels));
        }
    }

    private static SysfsChannel? Channel(string folder, string text, bool isRaw)
    {
        foreach ((string kind, string name, string unit, double factor) in Kinds)
        {
            string rest = text.StartsWith(kind, StringComparison.Ordinal) ? text[kind.Length..] : "?";
            // A number, an axis, or nothing.
            if (rest.Length > 0 && !int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out _) && rest is not ("_x" or "_y" or "_z"))
            {
                continue;
            }
            string input = Path.Combine(folder, $"in_{text}_input");
            if (isRaw && File.Exists(input))
            {
                return null;
            }
            double scale = isRaw ? Number(folder, text, kind, "scale") ?? 1 : 1;
            double offset = isRaw ? Number(folder, text, kind, "offset") ?? 0 : 0;
            var channel = new SensorChannel(name + rest.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant(), unit);
            return new SysfsChannel(channel, isRaw ? Path.Combine(folder, $"in_{text}_raw") : input, offset, scale * factor);
        }
        return null;
    }

    /// <summary>A channel's own scale or offset, or the one that its kind shares.</summary>
    private static double? Number(string folder, string text, string kind, string what) =>
        Parse(Path.Combine(folder, $"in_{text}_{what}")) ?? Parse(Path.Combine(folder, $"in_{kind}_{what}"));

    private static double? Parse(string path) => new SysfsFile(path).Read(out double value) == SensorStatus.Ok ? value : null;
}
