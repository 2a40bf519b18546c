using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Service;

namespace Edge.Runtime.Sinks;

/// <summary>Publishes to the pipeline's topics; waits for room where the broker is slow, drops where it is away.</summary>
internal sealed class MqttSink : IResultSink
{
    private readonly Uplink _uplink;
    private readonly SinkConfig _config;
    private readonly MqttTopic[] _topics;

    /// <summary>Names the topics.</summary>
    /// <param name="uplink">The device's connection, which may be replaced; not owned.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="config">Which messages are taken.</param>
    internal MqttSink(Uplink uplink, string pipeline, SinkConfig config)
    {
        (_uplink, _config) = (uplink, config);
        // By the number of MessageKind.
        _topics = [new MqttTopic(uplink.Topics.Result(pipeline)), new MqttTopic(uplink.Topics.Event(pipeline)), new MqttTopic(uplink.Topics.Snapshot(pipeline))];
    }

    public string Name => "mqtt";

    public bool Write(MessageKind kind, ReadOnlySpan<byte> message) => !_config.Takes(kind) || _uplink.Publish(_topics[(int)kind], message);

    public void Dispose()
    {
    }
}
