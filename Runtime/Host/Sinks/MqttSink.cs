using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Service;

namespace Edge.Runtime.Sinks;

/// <summary>Publishes to the pipeline's topics: results and events through the outbox, pictures while the broker is there.</summary>
internal sealed class MqttSink : IResultSink
{
    private readonly Uplink _uplink;
    private readonly SinkConfig _config;
    private readonly MqttTopic _snapshots;
    private readonly OutboxStream[] _streams;

    /// <summary>Names the topics.</summary>
    /// <param name="uplink">The device's connection, which may be replaced; not owned.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="config">Which messages are taken.</param>
    internal MqttSink(Uplink uplink, string pipeline, SinkConfig config)
    {
        (_uplink, _config) = (uplink, config);
        _snapshots = new MqttTopic(uplink.Topics.Snapshot(pipeline));
        // By the number of MessageKind.
        _streams = [uplink.Open(new MqttTopic(uplink.Topics.Result(pipeline)), isEvent: false), uplink.Open(new MqttTopic(uplink.Topics.Event(pipeline)), isEvent: true)];
    }

    public string Name => "mqtt";

    public bool Write(MessageKind kind, ReadOnlySpan<byte> message) => !_config.Takes(kind)
        || (kind == MessageKind.Snapshot ? _uplink.Publish(_snapshots, message) : _streams[(int)kind].Publish(message));

    public void Dispose()
    {
    }
}
