namespace Edge.Mqtt;

/// <summary>Which version of MQTT is spoken.</summary>
public enum MqttProtocol
{
    /// <summary>MQTT 5, and MQTT 3.1.1 with a broker that refuses it.</summary>
    Automatic,

    /// <summary>MQTT 5 only.</summary>
    V5,

    /// <summary>MQTT 3.1.1 only: without reasons, properties and limits that the two sides tell each other.</summary>
    V311,
}
