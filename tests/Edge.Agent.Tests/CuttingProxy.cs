using System.Net;
using System.Net.Sockets;

namespace Edge.Agent.Tests;

/// <summary>
/// A network between a device and its broker that breaks again and again, each time after another number of bytes, and counts which
/// messages have come through whole.
/// </summary>
internal sealed class CuttingProxy : IDisposable
{
    private const int Publish = 3;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _port;
    private readonly Random _random;
    private readonly int _meanBytes;
    private readonly int _cuts;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _arrivals = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private long _left;

    /// <param name="port">The broker's port.</param>
    /// <param name="cuts">How often the connection breaks.</param>
    /// <param name="meanBytes">Bytes towards the device between two cuts, on average.</param>
    /// <param name="seed">When.</param>
    internal CuttingProxy(int port, int cuts, int meanBytes, int seed)
    {
        (_port, _cuts, _meanBytes, _random) = (port, cuts, meanBytes, new Random(seed));
        _left = _random.Next(2 * meanBytes);
        _listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often the connection broke so far.</summary>
    internal int Cuts { get; private set; }

    /// <summary>Bytes towards the device, those of messages that did not come whole included.</summary>
    internal long Bytes { get; private set; }

    /// <summary>How often a message came whole, by topic.</summary>
    internal IReadOnlyDictionary<string, int> Arrivals
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, int>(_arrivals);
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task CarryAsync(TcpClient device)
    {
        using var broker = new TcpClient();
        using (device)
        {
            try
            {
                await broker.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                Task up = device.GetStream().CopyToAsync(broker.GetStream(), _stop.Token);
                await DownAsync(broker.GetStream(), device.GetStream());
                // What was sent arrives: the device's end is closed once the device has read it, and closed its own.
                device.Client.Shutdown(SocketShutdown.Send);
                broker.Close();
                await Quietly(up);
                await Quietly(device.GetStream().CopyToAsync(Stream.Null, _stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                return;
            }
        }
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[16 << 10];
        var packet = new List<byte>();
        while (true)
        {
            int count;
            try
            {
                count = await from.ReadAsync(buffer, _stop.Token);
            }
            catch (IOException)
            {
                // A broker that is killed resets its connections.
                return;
            }
            int allowed = Allow(count);
            await to.WriteAsync(buffer.AsMemory(0, allowed), _stop.Token);
            packet.AddRange(buffer.AsSpan(0, allowed));
            lock (_gate)
            {
                while (TakePacket(packet))
                {
                }
            }
            if (count == 0 || allowed < count)
            {
                return;
            }
        }
    }

    private int Allow(int count)
    {
        lock (_gate)
        {
            int allowed = Cuts < _cuts ? (int)Math.Min(count, _left) : count;
            Bytes += allowed;
            _left -= allowed;
            if (allowed < count)
            {
                Cuts++;
                _left = _random.Next(2 * _meanBytes);
            }
            return allowed;
        }
    }

    /// <summary>Counts the first packet where it is whole, and takes it away. Fixed header, remaining length, and topic as MQTT 5, 2.1 and 3.3, have them.</summary>
    private bool TakePacket(List<byte> bytes)
    {
        int length = 0;
        int at = 1;
        bool more = true;
        for (int shift = 0; more; shift += 7, at++)
        {
            if (at >= bytes.Count)
            {
                return false;
            }
            length |= (bytes[at] & 0x7f) << shift;
            more = bytes[at] >= 0x80;
        }
        if (bytes.Count < at + length)
        {
            return false;
        }
        if (bytes[0] >> 4 == Publish)
        {
            int topicLength = (bytes[at] << 8) | bytes[at + 1];
            string topic = System.Text.Encoding.UTF8.GetString([.. bytes[(at + 2)..(at + 2 + topicLength)]]);
            _arrivals[topic] = _arrivals.GetValueOrDefault(topic) + 1;
        }
        bytes.RemoveRange(0, at + length);
        return true;
    }
}
