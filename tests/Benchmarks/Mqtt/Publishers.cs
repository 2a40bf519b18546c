using System.Diagnostics;
using System.Text;
using Edge.Mqtt;

namespace Edge.Benchmarks.Mqtt;

/// <summary>The programs that are compared; each publishes the same messages to the topic <c>bench</c>.</summary>
/// <param name="broker">The broker.</param>
/// <param name="count">How many messages.</param>
/// <param name="bytes">The bytes of one.</param>
/// <param name="node">The script of the Node peer; null where it is not installed.</param>
internal sealed class Publishers(Broker broker, int count, int bytes, string? node)
{
    private readonly byte[] _payload = Encoding.ASCII.GetBytes($"{{\"x\":\"{new string('x', bytes - 8)}\"}}");

    internal bool HasNode => node is not null;

    /// <summary>Edge.Mqtt, straight.</summary>
    internal void Own(MqttQos qos)
    {
        using MqttClient client = Connect(null);
        var topic = new MqttTopic("bench");
        for (int i = 0; i < count; i++)
        {
            while (client.TryPublish(topic, _payload, qos) != MqttPublishResult.Queued)
            {
                client.WaitForRoom(TimeSpan.FromSeconds(10));
            }
        }
        client.WaitForAcknowledgements(TimeSpan.FromSeconds(60));
    }

    /// <summary>Through an outbox, as results go; with or without a spool, the broker there all the time.</summary>
    internal void Outbox(bool hasSpool)
    {
        using var outbox = new Outbox(hasSpool ? Options() : null, Console.Error.WriteLine);
        using MqttClient client = Connect(outbox);
        OutboxStream stream = outbox.Open(new MqttTopic("bench"), isEvent: false);
        Send(stream, 0);
        client.WaitForAcknowledgements(TimeSpan.FromSeconds(60));
    }

    /// <summary>Writes everything to a spool while there is no connection.</summary>
    /// <returns>Messages a second onto the disk.</returns>
    internal double Store()
    {
        using var outbox = new Outbox(Options(), Console.Error.WriteLine);
        OutboxStream stream = outbox.Open(new MqttTopic("bench"), isEvent: false);
        long start = Stopwatch.GetTimestamp();
        Send(stream, 0);
        outbox.Flush(TimeSpan.FromMinutes(1));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Sends what <see cref="Store"/> has written.</summary>
    internal void Replay()
    {
        using var outbox = new Outbox(Options(), Console.Error.WriteLine);
        using MqttClient client = Connect(outbox);
        outbox.Drain(TimeSpan.FromMinutes(1));
    }

    /// <summary><c>mosquitto_pub -l</c>, which takes a message a line.</summary>
    internal void MosquittoPub(MqttQos qos)
    {
        using Process process = Process.Start(new ProcessStartInfo("mosquitto_pub",
            ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "bench", "-q", $"{(int)qos}", "-V", "5", "-l"])
        { RedirectStandardInput = true })!;
        byte[] line = [.. _payload, (byte)'\n'];
        using (var input = new BufferedStream(process.StandardInput.BaseStream, 1 << 16))
        {
            for (int i = 0; i < count; i++)
            {
                input.Write(line);
            }
        }
        process.WaitForExit();
    }

    /// <summary>npm mqtt.</summary>
    internal void Node(MqttQos qos)
    {
        using Process process = Process.Start("node", [node!, $"{broker.Port}", $"{(int)qos}", $"{count}", $"{bytes}"]);
        process.WaitForExit();
    }

    private SpoolOptions Options() => new() { Path = Path.Combine(broker.Folder, "spool"), MaximumBytes = 1L << 32, ReplayPerSecond = 0 };

    private void Send(OutboxStream stream, int from)
    {
        for (int i = from; i < count; i++)
        {
            stream.Publish(_payload);
        }
    }

    private MqttClient Connect(Outbox? outbox)
    {
        var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = $"bench-{Guid.NewGuid():n}" });
        using var connected = new ManualResetEventSlim();
        client.StateChanged += (_, e) =>
        {
            if (e.State == MqttState.Connected)
            {
                connected.Set();
            }
        };
        outbox?.Attach(client);
        client.Start();
        connected.Wait();
        return client;
    }
}
