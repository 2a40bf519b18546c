using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Edge.Cli.Terminal;
using Edge.Foundation;

namespace Edge.Cli.Demo;

/// <summary>A real mosquitto of the demo's own, on a free port of the loopback interface.</summary>
internal sealed class Broker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Tool _tool;

    /// <summary>Starts the broker.</summary>
    /// <param name="folder">Where its configuration goes.</param>
    internal Broker(string folder)
    {
        Port = FreePort();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        // A subscriber may fall behind by more than the default of 1,000 messages; none may be lost here.
        AtomicFile.WriteAllText(configuration, $"listener {Port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nuser {Environment.UserName}\n");
        _tool = Tool.Start("mosquitto", "mosquitto", "-c", configuration);
    }

    internal int Port { get; }

    /// <summary>Waits until it takes connections.</summary>
    internal async Task ReadyAsync(CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        while (!await AcceptsAsync(Port, deadline.Token))
        {
            if (_tool.HasExited)
            {
                (int code, string error) = await _tool.WaitAsync(cancellation);
                throw new ToolException($"mosquitto ended with code {code}: {error}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }

    public void Dispose() => _tool.Dispose();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
