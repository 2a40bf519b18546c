using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Health;

/// <summary>What the kernel says about the machine and this process. One thread at a time.</summary>
/// <param name="root">Where the kernel's files are: <c>/</c>, or a copy.</param>
/// <param name="folder">A folder whose file system's free space counts.</param>
internal sealed class MachineFacts(string root, string folder)
{
    private TimeSpan _processor = Environment.CpuUsage.TotalTime;
    private long _looked = Environment.TickCount64;
    private long _throttles = -1;

    internal MachineHealth Look(double? baseline)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long now = Environment.TickCount64;
        double share = now > _looked ? (processor - _processor).TotalMilliseconds / (now - _looked) : 0;
        (_processor, _looked) = (processor, now);
        return new MachineHealth
        {
            CpuPercent = Math.Round(share * 100, 1),
            Cores = Environment.ProcessorCount,
            RssMB = Math.Round(ProcessFacts.ResidentMegabytes, 1),
            PeakRssMB = Math.Round(ProcessFacts.PeakResidentMegabytes, 1),
            BaselineRssMB = baseline,
            TemperatureCelsius = Temperature(),
            Throttled = Throttled(),
            DiskFreeMB = DiskFree(),
        };
    }

    /// <summary>The hottest thermal zone (Documentation/driver-api/thermal/sysfs-api.rst): millidegrees.</summary>
    internal double? Temperature()
    {
        double? hottest = null;
        foreach (string zone in Folders("sys/class/thermal", "thermal_zone*"))
        {
            if (Number(Path.Combine(zone, "temp")) is { } millidegrees && millidegrees is > -60_000 and < 250_000)
            {
                hottest = Math.Max(hottest ?? double.MinValue, millidegrees / 1000.0);
            }
        }
        return hottest is { } value ? Math.Round(value, 1) : null;
    }

    /// <summary>
    /// Whether the processor is slowed down: x86 counts events (<c>thermal_throttle</c>), a Raspberry Pi tells its firmware's
    /// flags (bits 0 to 3 hold now), others show a cooling device that limits the processor.
    /// </summary>
    internal bool? Throttled()
    {
        bool? throttled = null;
        long events = 0;
        bool counted = false;
        foreach (string core in Folders("sys/devices/system/cpu", "cpu*"))
        {
            if (Number(Path.Combine(core, "thermal_throttle", "core_throttle_count")) is { } count)
            {
                events += count;
                counted = true;
            }
        }
        if (counted)
        {
            throttled = _throttles >= 0 && events > _throttles;
            _throttles = events;
        }
        if (Text(Path.Combine(root, "sys/devices/platform/soc/soc:firmware/get_throttled")) is { } flags
            && int.TryParse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int bits))
        {
            throttled = (throttled ?? false) | ((bits & 0xf) != 0);
        }
        foreach (string device in Folders("sys/class/thermal", "cooling_device*"))
        {
            string type = Text(Path.Combine(device, "type")) ?? "";
            bool slowsDown = type.Contains("cpufreq", StringComparison.OrdinalIgnoreCase) || type.Equals("Processor", StringComparison.Ordinal);
            if (slowsDown && Number(Path.Combine(device, "cur_state")) is { } state)
            {
                throttled = (throttled ?? false) | (state > 0);
            }
        }
        return throttled;
    }

    private double? DiskFree()
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

    private static long? Number(string path) =>
        long.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
