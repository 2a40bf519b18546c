using System.Globalization;

namespace Edge.Benchmarks.Fleet;

/// <summary>What the kernel says of a process.</summary>
/// <param name="RssMB">Resident memory, in 10⁶ bytes.</param>
/// <param name="PeakRssMB">The most resident memory so far, in 10⁶ bytes.</param>
/// <param name="CpuSeconds">Processor time, user and system.</param>
internal readonly record struct ProcessFigures(double RssMB, double PeakRssMB, double CpuSeconds)
{
    /// <summary>Ticks of <c>/proc/PID/stat</c> in a second: USER_HZ, 100 on every Linux.</summary>
    private const double TicksPerSecond = 100;

    internal static ProcessFigures Of(int process)
    {
        string[] status = File.ReadAllLines($"/proc/{process}/status");
        // The name in brackets may hold anything: count from behind it.
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessFigures(Megabytes(status, "VmRSS:"), Megabytes(status, "VmHWM:"), ticks / TicksPerSecond);
    }

    private static double Megabytes(string[] status, string name)
    {
        string line = Array.Find(status, line => line.StartsWith(name, StringComparison.Ordinal)) ?? $"{name} 0 kB";
        return double.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
