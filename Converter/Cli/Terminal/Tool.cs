using System.ComponentModel;
using System.Diagnostics;

namespace Edge.Cli.Terminal;

/// <summary>A program that runs beside this one; disposing ends it if it still runs.</summary>
internal sealed class Tool : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Tool(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it writes to standard output, line by line.</summary>
    internal StreamReader Output => _process.StandardOutput;

    internal bool HasExited => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="program">A path, or a name that is looked for in PATH and where Debian keeps servers.</param>
    /// <param name="package">The Debian package that brings it, for the message when it is not there.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="ToolException">There is no such program.</exception>
    internal static Tool Start(string program, string package, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Find(program) ?? throw new ToolException($"{program} is not installed; run: apt-get install -y {package}"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return new Tool(Process.Start(info)!);
        }
        catch (Win32Exception e)
        {
            throw new ToolException($"{info.FileName} cannot be started: {e.Message}");
        }
    }

    /// <summary>Waits for the end of the program.</summary>
    /// <returns>Its exit code, and the last line that it wrote to standard error.</returns>
    internal async Task<(int Code, string LastError)> WaitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        string[] lines = (await _errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (_process.ExitCode, lines.Length > 0 ? lines[^1] : "");
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

    private static string? Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(program) ? program : null;
        }
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin");
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
