using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Edge.Benchmarks.Fleet;

/// <summary>A real mosquitto on a loopback port, with the queue that <c>edge fleet init</c> sets.</summary>
internal sealed class Broker : IDisposable
{
    private readonly Process _process;
    private readonly string _file = Path.GetTempFileName();

    internal Broker()
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        File.WriteAllText(_file, $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 100000\nmax_inflight_messages 100\nlog_type none\nuser {Environment.UserName}\n");
        string program = Array.Find(["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"], File.Exists)
            ?? throw new BenchException("mosquitto is not installed: apt-get install -y --no-install-recommends mosquitto");
        _process = Process.Start(new ProcessStartInfo(program, ["-c", _file]) { RedirectStandardError = true })!;
    }

    internal int Port { get; }

    internal int ProcessId => _process.Id;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_file);
    }
}
