using System.Text;
using Edge.Mqtt;

namespace Edge.PowerCut;

/// <summary>
/// Stores events, and telemetry between them. A line says that an event is on the disk, and up to which number events had reached
/// the broker; a line is read before the next event.
/// </summary>
internal static class SpoolProgram
{
    internal const string Events = "edge/dut/event";
    internal const string Telemetry = "edge/dut/result";
    internal const string File = "spool.db";

    /// <summary>Stores some more events; they are numbered on from those that the spool knows.</summary>
    /// <param name="folder">Where the spool is.</param>
    /// <param name="events">How many.</param>
    /// <param name="host">The broker; null where there is none.</param>
    /// <param name="port">Its port.</param>
    internal static int Run(string folder, int events, string? host, int port)
    {
        using var outbox = new Outbox(new SpoolOptions { Path = Path.Combine(folder, File), ReplayPerSecond = 0, CommitInterval = TimeSpan.Zero }, Console.Error.WriteLine);
        using MqttClient? client = host is null ? null : new MqttClient(new MqttClientOptions { Host = host, Port = port, ClientId = "dut" });
        using EventConsumer? consumer = host is null ? null : new EventConsumer(host, port, "recorder");
        OutboxStream stored = outbox.Open(new MqttTopic(Events), isEvent: true);
        OutboxStream results = outbox.Open(new MqttTopic(Telemetry), isEvent: false);
        if (client is not null)
        {
            outbox.Attach(client);
            client.Start();
        }
        long delivered = 0;
        for (int i = 0; i < events; i++)
        {
            long number = stored.Number + 1;
            results.Publish(Encoding.UTF8.GetBytes($"{{\"event\":{number}}}"));
            stored.Publish(Encoding.UTF8.GetBytes($"{{\"event\":{number},\"filler\":\"{new string('x', (int)(number * 37 % 900))}\"}}"));
            if (!outbox.Flush(TimeSpan.FromSeconds(60)))
            {
                return 1;
            }
            delivered = Math.Max(delivered, consumer?.Read().DefaultIfEmpty().Max() ?? 0);
            Console.Out.WriteLine($"stored {number} {delivered}");
            _ = Console.In.ReadLine();
        }
        outbox.Drain(TimeSpan.FromSeconds(60));
        return 0;
    }
}
