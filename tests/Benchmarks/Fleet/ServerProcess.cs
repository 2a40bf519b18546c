using System.Diagnostics;

namespace Edge.Benchmarks.Fleet;

/// <summary>The fleet's server in a process of its own, so that its memory is its own and it can be killed.</summary>
internal sealed class ServerProcess(string folder) : IDisposable
{
    private Process? _process;

    internal double CpuSecondsOfTheDead { get; private set; }

    internal ProcessFigures Figures => ProcessFigures.Of(_process!.Id);

    internal void Start() => _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", folder]))!;

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    internal void Kill()
    {
        if (_process is not null)
        {
            if (_process.HasExited)
            {
                throw new BenchException($"the server ended by itself with {_process.ExitCode}");
            }
            CpuSecondsOfTheDead += Figures.CpuSeconds;
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
        }
    }

    public void Dispose() => Kill();
}
