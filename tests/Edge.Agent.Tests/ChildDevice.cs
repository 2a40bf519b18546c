using System.Diagnostics;

namespace Edge.Agent.Tests;

/// <summary>An agent in a process of its own, with a library before libc that counts, writes down, or ends it at a change of its files.</summary>
internal static class ChildDevice
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<string?> Library = new(Compile);

    /// <summary>Whether changes of files can be counted: a C compiler is there.</summary>
    internal static bool CanCount => Library.Value is not null;

    /// <summary>Runs the agent until it has kept the goal, or is ended.</summary>
    /// <param name="fleet">The broker, and the folder of the keys.</param>
    /// <param name="folder">The device's folder.</param>
    /// <param name="goal">The release at which it ends by itself.</param>
    /// <param name="crashAt">The change in place of which it is killed; null for none.</param>
    /// <param name="log">Where changes are written down; null for nowhere.</param>
    /// <param name="killAfter">Kills it after some time; null does not.</param>
    /// <returns>What it printed, and whether it ended by itself.</returns>
    internal static (string Output, bool Ended, string Errors) Run(TestFleet fleet, string folder, long goal, int? crashAt = null, string? log = null, TimeSpan? killAfter = null)
    {
        File.WriteAllText(Path.Combine(folder, "goal"), $"{goal}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Edge.Agent.Child.dll"));
        start.ArgumentList.Add($"{fleet.Broker.Port}");
        start.ArgumentList.Add(folder);
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (crashAt is not null || log is not null)
        {
            start.Environment["LD_PRELOAD"] = Library.Value;
            start.Environment["EDGE_CRASH_FOLDER"] = Path.Combine(folder, "updates") + "/";
            start.Environment["EDGE_CRASH_AT"] = $"{crashAt ?? -1}";
            if (log is not null)
            {
                start.Environment["EDGE_CRASH_LOG"] = log;
            }
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(killAfter ?? Patience);
        if (!ended)
        {
            process.Kill();
            process.WaitForExit();
        }
        bool killed = !ended || process.ExitCode > 128;
        if (!killed && process.ExitCode != 0)
        {
            Assert.Fail($"the agent ended with {process.ExitCode}: {output.Result} {errors.Result}");
        }
        return (output.Result, !killed, errors.Result);
    }

    private static string? Compile()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "crash.so");
        try
        {
            using Process gcc = Process.Start(new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O1", "-w", "-o", library, Path.Combine(AppContext.BaseDirectory, "crash.c"), "-ldl", "-lpthread"]))!;
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
