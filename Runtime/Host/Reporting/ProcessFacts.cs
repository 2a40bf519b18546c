using System.Globalization;

namespace Edge.Runtime.Reporting;

/// <summary>What the kernel knows about this process (<c>proc(5)</c>).</summary>
internal static class ProcessFacts
{
    private const double TicksPerSecond = 100;
    private const int StartTimeField = 22;

    /// <summary>Resident memory now, in megabytes of 10⁶ bytes.</summary>
    internal static double ResidentMegabytes => StatusKilobytes("VmRSS:") * 1024 / 1e6;

    /// <summary>The most resident memory so far, in megabytes of 10⁶ bytes.</summary>
    internal static double PeakResidentMegabytes => StatusKilobytes("VmHWM:") * 1024 / 1e6;

    /// <summary>The kernel's boot id, or "unknown" where <c>/proc</c> is not to be read.</summary>
    internal static string BootId
    {
        get
        {
            try
            {
                return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return "unknown";
            }
        }
    }

    /// <summary>Milliseconds since the kernel started this process, in steps of 10.</summary>
    internal static double MillisecondsSinceStart()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        // The second field is the program's name in brackets and may hold anything, so count from its end.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double start = double.Parse(fields[StartTimeField - 3], CultureInfo.InvariantCulture) / TicksPerSecond;
        string uptime = File.ReadAllText("/proc/uptime");
        double now = double.Parse(uptime.AsSpan(0, uptime.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        return Math.Max(0, (now - start) * 1000);
    }

    /// <summary>The file behind a loaded library, as the kernel maps it: its real name carries the version.</summary>
    /// <param name="name">The beginning of the file's name, without folder.</param>
    internal static string? LibraryPath(string name)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int slash = line.IndexOf('/', StringComparison.Ordinal);
            if (slash >= 0 && Path.GetFileName(line.AsSpan(slash)).StartsWith(name, StringComparison.Ordinal))
            {
                return line[slash..];
            }
        }
        return null;
    }

    private static double StatusKilobytes(string field)
    {
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
            {
                return double.Parse(line.AsSpan(field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
            }
        }
        return 0;
    }
}
