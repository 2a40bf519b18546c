using System.Diagnostics;
using System.Text;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>A real <c>edge-runtime</c> process.</summary>
internal sealed class RuntimeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Not the cache of whoever runs the tests.
    private static readonly TemporaryFolder Cache = MakeCache();

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task<string> _output;

    private RuntimeProcess(string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        // The tests of a build run its managed program; EDGE_RUNTIME names the native one instead.
        string? native = Environment.GetEnvironmentVariable("EDGE_RUNTIME");
        var start = new ProcessStartInfo(native ?? (Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet"))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        if (native is null)
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edge-runtime.dll"));
        }
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["XDG_CACHE_HOME"] = Cache.Path;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_errors)
            {
                _errors.Append(e.Data is null ? "" : e.Data + "\n");
            }
        };
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>What it has written to standard error so far.</summary>
    internal string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Its standard input.</summary>
    internal Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What it writes to standard output, when it has ended.</summary>
    internal string Output => _output.Result;

    internal bool HasExited => _process.HasExited;

    /// <summary>Its resident memory, in 10⁶ bytes.</summary>
    internal double ResidentMegabytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) * 1024 / 1e6;
        }
    }

    internal static RuntimeProcess Start(params string[] arguments) => new(arguments, null);

    internal static RuntimeProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(arguments, environment);

    /// <summary>Runs to the end.</summary>
    internal static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using RuntimeProcess process = Start(arguments);
        int exitCode = process.WaitForExit();
        return (exitCode, process._output.Result, process.Errors);
    }

    internal void WaitForLog(string text) =>
        Wait.Until(() => Errors.Contains(text, StringComparison.Ordinal), Patience, () => $"edge-runtime never said \"{text}\": {Errors}");

    internal void Signal(string name)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
        Assert.True(kill.ExitCode == 0, $"edge-runtime is gone{(_process.HasExited ? $", exit code {_process.ExitCode}" : "")}: {Errors}");
    }

    internal int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"edge-runtime does not end: {Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    private static TemporaryFolder MakeCache()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }
}
