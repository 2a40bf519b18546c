using System.Diagnostics;
using System.Text;
using Edge.Testing;

namespace Edge.Fleet.Tests;

/// <summary>A server in a process of its own, which can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly StringBuilder _log = new();
    private readonly Process _process;
    private bool _isDead;

    internal ServerProcess(string folder)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Edge.Fleet.Child.dll"), folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, e) => Append(e.Data);
        _process.ErrorDataReceived += (_, e) => Append(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    internal void WaitForLog(string text) => Wait.Until(() => Log.Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(60), () => $"the server never said \"{text}\": {Log}");

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    internal void Kill()
    {
        if (!_isDead)
        {
            _isDead = true;
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }
}
