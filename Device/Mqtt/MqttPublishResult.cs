namespace Edge.Mqtt;

/// <summary>What became of a message that was handed to <see cref="MqttClient.TryPublish"/>.</summary>
public enum MqttPublishResult
{
    /// <summary>Accepted: it is on its way, and with QoS 1 or 2 it is sent again after a reconnect until the broker acknowledges it.</summary>
    Queued,

    /// <summary>Not accepted: there is no connection.</summary>
    NotConnected,

    /// <summary>Not accepted: as many messages as <see cref="MqttClientOptions.InFlightLimit"/> allows are on their way.</summary>
    QueueFull,

    /// <summary>Not accepted: larger than the broker or the protocol allows.</summary>
    TooLarge,

    /// <summary>Not accepted: the library had no memory or refused the message.</summary>
    Failed,
}
