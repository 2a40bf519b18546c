using System.Diagnostics;
using System.Text;
using Edge.Testing;

namespace Edge.Runtime.Tests;

/// <summary>A real <c>edge-runtime</c> process.</summary>
internal sealed class RuntimeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task<string> _output;

    private RuntimeProcess(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edge-runtime.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
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

    internal static RuntimeProcess Start(params string[] arguments) => new(arguments);

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
        Assert.Equal(0, kill.ExitCode);
    }

    internal int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"edge-runtime does not end: {Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
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
