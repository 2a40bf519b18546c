namespace Edge.Mqtt;

/// <summary>What a client has done since it was made.</summary>
/// <param name="Published">Messages accepted by <see cref="MqttClient.TryPublish"/>.</param>
/// <param name="Acknowledged">Of these, delivered: acknowledged by the broker, or with QoS 0 written to the connection.</param>
/// <param name="Lost">Of these, not delivered: refused by the broker, or with QoS 0 on a connection that broke.</param>
/// <param name="Refused">Calls of <see cref="MqttClient.TryPublish"/> that were not accepted.</param>
/// <param name="Received">Messages received and handed to a subscription.</param>
/// <param name="ReceivedDropped">Messages received but dropped: too large, or pushed out of a subscription's full queue.</param>
/// <param name="Connections">How often a connection was made.</param>
public readonly record struct MqttCounters(
    long Published, long Acknowledged, long Lost, long Refused, long Received, long ReceivedDropped, long Connections)
{
    /// <summary>How often a connection was made again after one was lost.</summary>
    public long Reconnects => Math.Max(0, Connections - 1);
}
