using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Edge.Benchmarks.Mqtt;

/// <summary>A real mosquitto on a loopback port, and a <c>mosquitto_sub</c> that says when messages came.</summary>
internal sealed class Broker : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-bench-mqtt-").FullName;
    private Process? _process;

    internal Broker()
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        Start();
    }

    internal int Port { get; }

    internal string Folder => _folder;

    internal void Start()
    {
        string configuration = Path.Combine(_folder, "mosquitto.conf");
        File.WriteAllText(configuration, $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nlog_type error\nlog_type subscribe\nuser {Environment.UserName}\n");
        string program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        _process = Process.Start(new ProcessStartInfo(program, ["-c", configuration]) { RedirectStandardError = true })!;
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                Thread.Yield();
            }
        }
    }

    internal void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Messages a second, from the first to the last that a subscriber received.</summary>
    /// <param name="count">How many will come.</param>
    /// <param name="publish">Publishes them.</param>
    internal double Measure(int count, Action publish)
    {
        // Half a minute of patience; %U is the time of each message to the nanosecond.
        using Process subscriber = Process.Start(new ProcessStartInfo("mosquitto_sub",
            ["-h", "127.0.0.1", "-p", $"{Port}", "-t", "bench", "-C", $"{count}", "-W", "60", "-F", "%U"])
        { RedirectStandardOutput = true })!;
        // The subscriber writes to a pipe in large pieces; the broker says at once that it has subscribed.
        string? line;
        do
        {
            line = _process!.StandardError.ReadLine() ?? throw new BenchException($"mosquitto ended: is port {Port} taken?");
        }
        while (!line.EndsWith(" 0 bench", StringComparison.Ordinal));
        Task<(double First, double Last, int Count)> times = Task.Run(() => Read(subscriber));
        publish();
        (double first, double last, int received) = times.Result;
        return received == count ? (count - 1) / (last - first) : throw new BenchException($"{received} of {count} messages came: is the machine too slow?");
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private static (double First, double Last, int Count) Read(Process subscriber)
    {
        double first = 0, last = 0;
        int count = 0;
        while (subscriber.StandardOutput.ReadLine() is { } line)
        {
            if (double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out double time))
            {
                (first, last) = (count == 0 ? time : first, time);
                count++;
            }
        }
        return (first, last, count);
    }
}
