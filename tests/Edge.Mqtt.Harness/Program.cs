using System.Globalization;
using System.Text;
using Edge.Mqtt;

// Publishes results and events through a spool until it is killed: PORT SPOOL RESULTS-AN-EVENT. Says "durable N" when events up
// to N are on the disk: those must never be lost.
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
int resultsAnEvent = int.Parse(args[2], CultureInfo.InvariantCulture);
using var outbox = new Outbox(new SpoolOptions { Path = args[1], ReplayPerSecond = 0 }, Console.Error.WriteLine);
OutboxStream events = outbox.Open(new MqttTopic("harness/event"), isEvent: true);
OutboxStream results = outbox.Open(new MqttTopic("harness/result"), isEvent: false);
using var client = new MqttClient(new MqttClientOptions
{
    Host = "127.0.0.1",
    Port = port,
    ClientId = $"harness-{Environment.ProcessId}",
    BackoffMinimum = TimeSpan.FromMilliseconds(20),
    BackoffMaximum = TimeSpan.FromMilliseconds(100),
});
outbox.Attach(client);
client.Start();
Console.Out.WriteLine($"durable {events.Number}");
for (long round = 1; ; round++)
{
    for (int i = 0; i < resultsAnEvent; i++)
    {
        results.Publish(Encoding.UTF8.GetBytes($"{{\"result\":{results.Number + 1}}}"));
    }
    events.Publish(Encoding.UTF8.GetBytes($"{{\"event\":{events.Number + 1}}}"));
    if (round % 10 == 0 && outbox.Flush(TimeSpan.FromSeconds(10)))
    {
        Console.Out.WriteLine($"durable {events.Number}");
    }
}
