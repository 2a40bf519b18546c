using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Runtime.Configuration;

namespace Edge.Runtime.Service;

/// <summary>The device's connection of the moment: a change of the configuration may replace it, or take it away.</summary>
internal sealed class Uplink : IDisposable
{
    private MqttLink? _link;
    private Outbox? _outbox;

    /// <summary>The device's topics.</summary>
    internal Topics Topics { get; private set; } = new(Topics.DefaultRoot, "device");

    /// <summary>The connection; null where there is no broker.</summary>
    internal MqttLink? Link => Volatile.Read(ref _link);

    /// <summary>What the spool holds; all zero where there is none.</summary>
    internal SpoolCounters Spool => _outbox?.Counters ?? default;

    /// <summary>Connects as a configuration says, in place of the connection before; returns before it stands.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="prepare">Called with the new connection before it is started.</param>
    /// <param name="patience">How long the old connection may take to say goodbye.</param>
    /// <exception cref="MqttException">The broker's settings cannot work; the connection before goes on.</exception>
    internal void Connect(RuntimeConfig config, Action<MqttLink> prepare, TimeSpan patience)
    {
        var topics = new Topics(config.Root, config.Device);
        _outbox ??= new Outbox(config.Spool?.ToOptions(), Reporting.Log.Warning);
        MqttLink? link = config.Broker is { } broker ? new MqttLink(config, broker, topics, _outbox) : null;
        MqttLink? old = Interlocked.Exchange(ref _link, link);
        Topics = topics;
        old?.Close(patience);
        old?.Dispose();
        _outbox.Detach();
        if (link is not null)
        {
            prepare(link);
            _outbox.Attach(link.Client);
            link.Start();
        }
    }

    /// <summary>The messages of a topic, numbered, and kept where there is a spool. Only after the first connection was asked for.</summary>
    internal OutboxStream Open(MqttTopic topic, bool isEvent) => _outbox!.Open(topic, isEvent);

    /// <summary>Waits until what was kept is delivered, says goodbye and closes.</summary>
    internal void Close(TimeSpan patience)
    {
        if (Link?.IsConnected == true)
        {
            _outbox?.Drain(patience);
        }
        Link?.Close(patience);
    }

    /// <summary>Hands a message over that is not worth keeping: a picture. Allocates nothing.</summary>
    /// <returns>False if it was dropped.</returns>
    internal bool Publish(MqttTopic topic, ReadOnlySpan<byte> payload) => Link?.Publish(topic, payload) ?? false;

    /// <summary>Hands a retained message over, where there is a connection.</summary>
    internal void Retain(string topic, byte[] payload) => Link?.Retain(new MqttTopic(topic), payload);

    public void Dispose()
    {
        Link?.Dispose();
        _outbox?.Dispose();
    }
}
