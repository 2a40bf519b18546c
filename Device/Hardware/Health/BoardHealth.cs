using System.Globalization;
using Edge.Hardware.Sensors;
using Edge.Hardware.Sensors.Sysfs;

namespace Edge.Hardware.Health;

/// <summary>How the board itself is: temperatures, throttling, supplies, memory, disk. What the board does not say is left out.</summary>
public sealed record BoardHealth
{
    /// <summary>What the board is called by its maker (device tree, or DMI).</summary>
    public required string? Model { get; init; }

    /// <summary>The temperatures that the kernel watches.</summary>
    public required IReadOnlyList<ThermalZone> Temperatures { get; init; }

    /// <summary>Why the processor is slowed down at this moment; empty if it is not.</summary>
    public required IReadOnlyList<string> Throttling { get; init; }

    /// <summary>How often the processor's cores have cut their clocks since the start of the machine; null where they do not count (they do on x86).</summary>
    public required long? ThrottleEvents { get; init; }

    /// <summary>Whether the board tells at all that it slows the processor down.</summary>
    public required bool IsThrottlingKnown { get; init; }

    /// <summary>Supplies by INA3221 and other power monitors.</summary>
    public required IReadOnlyList<PowerRail> Rails { get; init; }

    /// <summary>Memory that programs can still have, in 10⁶ bytes.</summary>
    public required double? MemoryAvailableMB { get; init; }

    /// <summary>Room left on the disk, in 10⁶ bytes.</summary>
    public required double? DiskFreeMB { get; init; }

    /// <summary>Looks.</summary>
    /// <param name="root">Where <c>sys</c> and <c>proc</c> are: <c>/</c>, or a copy.</param>
    /// <param name="folder">A folder on the disk that counts.</param>
    public static BoardHealth Look(string root = "/", string folder = "/")
    {
        List<string> throttling = ListThrottling(root, out bool isKnown);
        long? events = CountThrottles(root);
        return new BoardHealth
        {
            Model = (SysfsFile.Text(Path.Combine(root, "proc/device-tree/model")) ?? SysfsFile.Text(Path.Combine(root, "sys/class/dmi/id/product_name")))?.TrimEnd('\0'),
            Temperatures = ListTemperatures(root),
            Throttling = throttling,
            ThrottleEvents = events,
            IsThrottlingKnown = isKnown || events is not null,
            Rails = ListRails(root),
            MemoryAvailableMB = ReadMemory(root),
            DiskFreeMB = ReadDisk(folder),
        };
    }

    private static List<ThermalZone> ListTemperatures(string root)
    {
        var zones = new List<ThermalZone>();
        foreach (string folder in SysfsFolders.List(Path.Combine(root, "sys/class/thermal"), "thermal_zone*"))
        {
            // Millidegrees (Documentation/driver-api/thermal/sysfs-api.rst); a zone whose sensor sleeps cannot be read.
            if (Number(Path.Combine(folder, "temp")) is { } thousandths and > -60_000 and < 250_000)
            {
                zones.Add(new ThermalZone(SysfsFile.Text(Path.Combine(folder, "type")) ?? Path.GetFileName(folder), thousandths / 1000));
            }
        }
        return zones;
    }

    private static long? CountThrottles(string root)
    {
        double? events = null;
        foreach (string core in SysfsFolders.List(Path.Combine(root, "sys/devices/system/cpu"), "cpu*"))
        {
            if (Number(Path.Combine(core, "thermal_throttle", "core_throttle_count")) is { } count)
            {
                events = (events ?? 0) + count;
            }
        }
        return (long?)events;
    }

    private static List<string> ListThrottling(string root, out bool isKnown)
    {
        var reasons = new List<string>();
        isKnown = false;
        // A Raspberry Pi's firmware: bits 0 to 3 hold at this moment (get_throttled of vcgencmd).
        if (SysfsFile.Text(Path.Combine(root, "sys/devices/platform/soc/soc:firmware/get_throttled")) is { } text
            && int.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int bits))
        {
            isKnown = true;
            string[] meanings = ["the supply's voltage is too low", "the clock is capped", "throttled", "the soft temperature limit is reached"];
            for (int i = 0; i < meanings.Length; i++)
            {
                if ((bits & (1 << i)) != 0)
                {
                    reasons.Add(meanings[i]);
                }
            }
        }
        foreach (string device in SysfsFolders.List(Path.Combine(root, "sys/class/thermal"), "cooling_device*"))
        {
            // A Jetson's and most other boards' kernel: a cooling device that holds the processor's clock down.
            string type = SysfsFile.Text(Path.Combine(device, "type")) ?? "";
            bool slows = type.Contains("cpufreq", StringComparison.OrdinalIgnoreCase) || type.Contains("throttle", StringComparison.OrdinalIgnoreCase) || type == "Processor";
            double? state = slows ? Number(Path.Combine(device, "cur_state")) : null;
            isKnown |= state is not null;
            if (state > 0)
            {
                reasons.Add($"{type} limits the clock");
            }
        }
        return reasons;
    }

    private static List<PowerRail> ListRails(string root)
    {
        var rails = new List<PowerRail>();
        foreach (SysfsSensor sensor in HwmonSensors.List(root))
        {
            var reading = new SensorReading(sensor);
            if (!sensor.Name.StartsWith("ina", StringComparison.Ordinal) || !sensor.TryRead(reading))
            {
                continue;
            }
            for (int i = 0; i < sensor.Channels.Count; i++)
            {
                rails.Add(new PowerRail($"{sensor.Name} {sensor.Channels[i].Name}", Math.Round(reading.Values[i], 6), sensor.Channels[i].Unit));
            }
        }
        return rails;
    }

    private static double? ReadMemory(string root)
    {
        foreach (string line in (SysfsFile.Text(Path.Combine(root, "proc/meminfo")) ?? "").Split('\n'))
        {
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                && double.TryParse(line["MemAvailable:".Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double kilobytes))
            {
                return Math.Round(kilobytes * 1024 / 1e6);
            }
        }
        return null;
    }

    private static double? ReadDisk(string folder)
    {
        try
        {
            return Math.Round(new DriveInfo(folder).AvailableFreeSpace / 1e6);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static double? Number(string path) => new SysfsFile(path).Read(out double value) == SensorStatus.Ok ? value : null;
}
