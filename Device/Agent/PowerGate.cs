using System.Globalization;

namespace Edge.Agent;

/// <summary>Says when a device has other worries than updates: a battery that runs low, a machine that is too hot.</summary>
/// <param name="root">Where the system's files are: <c>/</c>.</param>
/// <param name="minimumBatteryPercent">Below this nothing is begun unless the battery is charging; 0 looks at no battery.</param>
/// <param name="maximumCelsius">Above this nothing is begun; 0 looks at no temperature.</param>
public sealed class PowerGate(string root, double minimumBatteryPercent, double maximumCelsius)
{
    /// <summary>Why this is no time for an update; null where it is.</summary>
    public string? Look()
    {
        if (minimumBatteryPercent > 0)
        {
            foreach (string supply in Folders("sys/class/power_supply", "*"))
            {
                if (Text(supply, "type") == "Battery" && Number(supply, "capacity") is { } percent && percent < minimumBatteryPercent && Text(supply, "status") == "Discharging")
                {
                    return string.Create(CultureInfo.InvariantCulture, $"updates wait: the battery has {percent} %, {minimumBatteryPercent} % are asked for");
                }
            }
        }
        if (maximumCelsius > 0)
        {
            foreach (string zone in Folders("sys/class/thermal", "thermal_zone*"))
            {
                if (Number(zone, "temp") / 1000.0 is { } celsius && celsius > maximumCelsius)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"updates wait: the machine has {celsius:0.#} °C, at most {maximumCelsius:0.#} °C are asked for");
                }
            }
        }
        return null;
    }

    private string[] Folders(string path, string pattern)
    {
        try
        {
            return Directory.GetDirectories(Path.Combine(root, path), pattern);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long? Number(string folder, string name) =>
        long.TryParse(Text(folder, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static string? Text(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
