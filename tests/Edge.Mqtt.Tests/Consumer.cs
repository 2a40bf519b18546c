using System.Diagnostics;
using System.Text.Json;
using Edge.Testing;

namespace Edge.Mqtt.Tests;

/// <summary>
/// <c>mosquitto_sub</c> with a session that the broker keeps, and what it received: messages by the name of their boot and their
/// number.
/// </summary>
internal sealed class Consumer : IDisposable
{
    internal const string BrokerSettings = "allow_anonymous true\npersistence true\npersistence_location {folder}/\nmax_queued_messages 0\nlog_type notice\nlog_type subscribe";

    private readonly Process _process;
    private readonly List<(string Topic, string Boot, long Number, string Content)> _messages = [];
    private readonly HashSet<(string Topic, string Boot, long Number)> _known = [];

    internal Consumer(MosquittoBroker broker, string filter)
    {
        _process = broker.StartSubscriber("-t", filter, "-q", "1", "-c", "-i", "consumer", "-v");
        _process.OutputDataReceived += (_, e) => Add(e.Data);
        _process.BeginOutputReadLine();
        broker.WaitForLog("consumer 1 ");
    }

    /// <summary>Messages that came again.</summary>
    internal int Duplicates { get; private set; }

    /// <summary>The messages of a topic in the order of their first coming.</summary>
    internal IReadOnlyList<(string Boot, long Number, string Content)> Messages(string topic)
    {
        lock (_messages)
        {
            return [.. _messages.Where(message => message.Topic == topic).Select(message => (message.Boot, message.Number, message.Content))];
        }
    }

    /// <summary>How many different messages of a topic have come.</summary>
    internal int Count(string topic)
    {
        lock (_messages)
        {
            return _messages.Count(message => message.Topic == topic);
        }
    }

    /// <summary>The highest number of a topic.</summary>
    internal long Last(string topic)
    {
        lock (_messages)
        {
            return _messages.Where(message => message.Topic == topic).Select(message => message.Number).DefaultIfEmpty().Max();
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line?.IndexOf(' ', StringComparison.Ordinal) is not { } space || space < 0)
        {
            return;
        }
        using JsonDocument json = JsonDocument.Parse(line.AsMemory(space + 1));
        JsonElement delivery = json.RootElement.GetProperty("delivery");
        (string Topic, string Boot, long Number) key = (line[..space], delivery.GetProperty("boot").GetString()!, delivery.GetProperty("number").GetInt64());
        lock (_messages)
        {
            if (_known.Add(key))
            {
                _messages.Add((key.Topic, key.Boot, key.Number, json.RootElement.EnumerateObject().First().ToString()));
            }
            else
            {
                Duplicates++;
            }
        }
    }
}
