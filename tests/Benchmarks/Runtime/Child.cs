using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Edge.Benchmarks.Runtime;

/// <summary>A program that was run to its end: its lines, when the first came, and the processor time it took.</summary>
internal sealed unsafe partial class Child
{
    private const int Children = -1;
    private const int UsageLongs = 18;

    private Child(List<string> lines, double firstLineMs, double cpuSeconds)
    {
        Lines = lines;
        FirstLineMs = firstLineMs;
        CpuSeconds = cpuSeconds;
    }

    /// <summary>Standard output.</summary>
    public List<string> Lines { get; }

    /// <summary>Milliseconds from exec to the first line.</summary>
    public double FirstLineMs { get; }

    public double CpuSeconds { get; }

    public static Child Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Nobody's vendor is told what is measured here.
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        double before = ChildrenCpuSeconds();
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        var errors = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                errors.Add(line.Data);
            }
        };
        process.BeginErrorReadLine();
        var lines = new List<string>();
        double first = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            first = lines.Count == 0 ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : first;
            lines.Add(line);
        }
        process.WaitForExit();
        return process.ExitCode == 0
            ? new Child(lines, first, ChildrenCpuSeconds() - before)
            : throw new BenchException($"{program} ended with {process.ExitCode}: {string.Join(" ", errors.TakeLast(3))}");
    }

    private static double ChildrenCpuSeconds()
    {
        // struct rusage begins with two timevals: user and system.
        long* usage = stackalloc long[UsageLongs];
        _ = GetUsage(Children, usage);
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, long* usage);
}
