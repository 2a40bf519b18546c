namespace Edge.Mqtt;

/// <summary>How sure a delivery is (MQTT 5, section 4.3). The values are those of the protocol.</summary>
public enum MqttQos
{
    /// <summary>Sent once, lost where the connection breaks.</summary>
    AtMostOnce = 0,

    /// <summary>Sent until acknowledged; may arrive twice.</summary>
    AtLeastOnce = 1,

    /// <summary>Sent until acknowledged; arrives once.</summary>
    ExactlyOnce = 2,
}
