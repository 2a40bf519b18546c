using System.Globalization;
using System.Text.Json;
using Edge.Benchmarks.Mqtt;
using Edge.Foundation;
using Edge.Mqtt;

// Messages a second into a real mosquitto, beside mosquitto_pub -l and npm mqtt. Everything is measured in turns, round after
// round; of the rounds the best counts, for every program alike.
int rounds = 3, count = 50_000, bytes = 400;
string? json = null, node = null;
for (int i = 0; i < args.Length; i++)
{
    string? value = i + 1 < args.Length ? args[++i] : null;
    switch (args[i - (value is null ? 0 : 1)])
    {
        case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
        case "--count" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 1:
            break;
        case "--json" when value is not null:
            json = value;
            break;
        case "--node" when value is not null:
            node = File.Exists(value) ? value : null;
            break;
        default:
            Console.Error.WriteLine("usage: bench-mqtt [--rounds N] [--count N] [--node publish.js] [--json FILE]");
            return ExitCode.BadInput;
    }
}
try
{
    return Run();
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.BadInput;
}

int Run()
{
    using var broker = new Broker();
    var publishers = new Publishers(broker, count, bytes, node);
    var best = new SortedDictionary<string, double>(StringComparer.Ordinal);
    void Keep(string name, double rate) => best[name] = Math.Max(rate, best.GetValueOrDefault(name));
    Console.WriteLine($"{count} messages of {bytes} bytes, {rounds} rounds{(publishers.HasNode ? "" : "; without npm mqtt")}");
    for (int round = 0; round < rounds; round++)
    {
        foreach (MqttQos qos in (MqttQos[])[MqttQos.AtMostOnce, MqttQos.AtLeastOnce])
        {
            Keep($"qos{(int)qos} edge", broker.Measure(count, () => publishers.Own(qos)));
            Keep($"qos{(int)qos} mosquitto_pub", broker.Measure(count, () => publishers.MosquittoPub(qos)));
            if (publishers.HasNode)
            {
                Keep($"qos{(int)qos} npm mqtt", broker.Measure(count, () => publishers.Node(qos)));
            }
        }
        Keep("outbox without spool", broker.Measure(count, () => publishers.Outbox(hasSpool: false)));
        Keep("outbox with spool, broker there", broker.Measure(count, () => publishers.Outbox(hasSpool: true)));
        Keep("outbox with spool, broker away: to the disk", publishers.Store());
        Keep("outbox with spool, broker back: from the disk", broker.Measure(count, publishers.Replay));
    }
    foreach ((string name, double rate) in best)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-46} {rate,10:N0} messages/s"));
    }
    double peer = Math.Max(best["qos1 mosquitto_pub"], best.GetValueOrDefault("qos1 npm mqtt"));
    double ratio = best["qos1 edge"] / peer;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"QoS 1: {ratio:F2} times the faster peer"));
    if (json is not null)
    {
        best["qos1 ratio"] = ratio;
        File.WriteAllText(json, JsonSerializer.Serialize(best, new JsonSerializerOptions { WriteIndented = true }));
    }
    return ratio >= 1 ? ExitCode.Success : ExitCode.Failure;
}
