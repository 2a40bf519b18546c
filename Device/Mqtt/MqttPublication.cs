namespace Edge.Mqtt;

/// <summary>A message that is known beforehand: a last will, a farewell.</summary>
public sealed record MqttPublication
{
    /// <summary>Where it goes.</summary>
    public required MqttTopic Topic { get; init; }

    /// <summary>What it says.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How sure the delivery is.</summary>
    public MqttQos Qos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>Whether the broker keeps it for those who subscribe later.</summary>
    public bool Retain { get; init; }

    /// <summary>What the payload is, such as <c>application/json</c>; null says nothing. Not sent over MQTT 3.1.1.</summary>
    public string? ContentType { get; init; }

    /// <summary>How long the broker may keep it for those who are away; zero for ever. Whole seconds. Not sent over MQTT 3.1.1.</summary>
    public TimeSpan Expiry { get; init; }

    /// <summary>Further facts for whoever receives it. Not sent over MQTT 3.1.1.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
