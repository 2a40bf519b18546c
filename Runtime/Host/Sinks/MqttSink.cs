using Edge.Mqtt;
using Edge.Runtime.Service;

namespace Edge.Runtime.Sinks;

/// <summary>Publishes results to a topic; waits for room where the broker is slow, drops where it is away.</summary>
/// <param name="uplink">The device's connection, which may be replaced; not owned.</param>
/// <param name="topic">The topic.</param>
internal sealed class MqttSink(Uplink uplink, MqttTopic topic) : IResultSink
{
    public string Name => "mqtt";

    public bool Write(ReadOnlySpan<byte> json) => uplink.Publish(topic, json);

    public void Dispose()
    {
    }
}
