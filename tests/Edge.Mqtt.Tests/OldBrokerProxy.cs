using System.Net;
using System.Net.Sockets;

namespace Edge.Mqtt.Tests;

/// <summary>Stands before a real broker and answers MQTT 5 as a broker of MQTT 3.1.1 does; what is older goes through.</summary>
internal sealed class OldBrokerProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private int _refused;

    internal OldBrokerProxy(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections of MQTT 5 that were refused.</summary>
    internal int Refused => Volatile.Read(ref _refused);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            byte[] connect = new byte[1024];
            int length = await stream.ReadAtLeastAsync(connect, 12, throwOnEndOfStream: false);
            // CONNECT: type, length, "MQTT" with its length, then the version.
            int version = connect[connect.AsSpan().IndexOf("MQTT"u8) + 4];
            if (version == 5)
            {
                Interlocked.Increment(ref _refused);
                await stream.WriteAsync(new byte[] { 0x20, 2, 0, 1 });
                return;
            }
            using var broker = new TcpClient();
            await broker.ConnectAsync(IPAddress.Loopback, _port);
            await broker.GetStream().WriteAsync(connect.AsMemory(0, length));
            await Task.WhenAny(stream.CopyToAsync(broker.GetStream()), broker.GetStream().CopyToAsync(stream));
        }
    }
}
