using System.Diagnostics;
using System.Text.Json;

namespace Edge.Testing;

/// <summary>
/// <c>mosquitto_sub</c> with a session that the broker keeps, and what it received: messages by the name of their boot and their
/// number.
/// </summary>
public sealed class Consumer : IDisposable
{
    /// <summary>The settings of a broker that keeps a consumer's session.</summary>
    public const string BrokerSettings = "allow_anonymous true\npersistence true\npersistence_location {folder}/\nmax_queued_messages 0\nlog_type notice\nlog_type subscribe";

    private readonly MosquittoBroker _broker;
    private readonly Process _process;
    private readonly List<(string Topic, string Boot, long Number, string Content)> _messages = [];
    private readonly Dictionary<(string Topic, string Boot, long Number), int> _known = [];

    /// <summary>Subscribes.</summary>
    /// <param name="broker">The broker, running, with <see cref="BrokerSettings"/>.</param>
    /// <param name="filter">The topic filter.</param>
    public Consumer(MosquittoBroker broker, string filter)
    {
        ArgumentNullException.ThrowIfNull(broker);
        _broker = broker;
        _process = broker.StartSubscriber("-t", filter, "-q", "1", "-c", "-i", "consumer", "-v");
        _process.OutputDataReceived += (_, e) => Add(e.Data);
        _process.BeginOutputReadLine();
        broker.WaitForLog("consumer 1 ");
    }

    /// <summary>Messages that came again.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Of these, those that said something else the first time.</summary>
    public int Contradictions { get; private set; }

    /// <summary>The messages of a topic in the order of their first coming.</summary>
    public IReadOnlyList<(string Boot, long Number, string Content)> Messages(string topic)
    {
        lock (_messages)
        {
            return [.. _messages.Where(message => message.Topic == topic).Select(message => (message.Boot, message.Number, message.Content))];
        }
    }

    /// <summary>How many different messages of a topic have come.</summary>
    public int Count(string topic)
    {
        lock (_messages)
        {
            return _messages.Count(message => message.Topic == topic);
        }
    }

    /// <summary>The highest number of a topic.</summary>
    public long Last(string topic)
    {
        lock (_messages)
        {
            return _messages.Where(message => message.Topic == topic).Select(message => message.Number).DefaultIfEmpty().Max();
        }
    }

    /// <summary>Whether a message has come.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="boot">The name of its boot.</param>
    /// <param name="number">Its number.</param>
    public bool Has(string topic, string boot, long number)
    {
        lock (_messages)
        {
            return _known.ContainsKey((topic, boot, number));
        }
    }

    /// <summary>Waits until everything that the broker had before this call has come.</summary>
    /// <param name="topic">A topic of the filter that nothing else uses.</param>
    public void CatchUp(string topic)
    {
        string boot = $"{Guid.NewGuid():n}";
        _broker.Publish("-t", topic, "-q", "1", "-m", $"{{\"mark\":1,\"delivery\":{{\"boot\":\"{boot}\",\"number\":1}}}}");
        Wait.Until(() => Has(topic, boot, 1), TimeSpan.FromMinutes(2), () => "the consumer does not catch up with the broker");
    }

    /// <summary>Ends the subscriber.</summary>
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
        if (!json.RootElement.TryGetProperty("delivery", out JsonElement delivery))
        {
            // A state or a health is no numbered message.
            return;
        }
        (string Topic, string Boot, long Number) key = (line[..space], delivery.GetProperty("boot").GetString()!, delivery.GetProperty("number").GetInt64());
        lock (_messages)
        {
            int hash = line.GetHashCode(StringComparison.Ordinal);
            if (_known.TryAdd(key, hash))
            {
                _messages.Add((key.Topic, key.Boot, key.Number, json.RootElement.EnumerateObject().First().ToString()));
            }
            else
            {
                Duplicates++;
                Contradictions += _known[key] == hash ? 0 : 1;
            }
        }
    }
}
