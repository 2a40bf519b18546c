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
}
