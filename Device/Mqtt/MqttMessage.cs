namespace Edge.Mqtt;

/// <summary>A message received.</summary>
/// <param name="topic">The topic it was published to.</param>
/// <param name="payload">Its bytes, the reader's own.</param>
/// <param name="qos">How it was delivered.</param>
/// <param name="isRetained">Whether the broker had kept it from before the subscription.</param>
public sealed class MqttMessage(string topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool isRetained)
{
    /// <summary>The topic it was published to.</summary>
    public string Topic { get; } = topic;

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>What the payload is, where the publisher said so.</summary>
    public string? ContentType { get; init; }

    /// <summary>What the publisher has added.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>How long the broker keeps it from now on; zero for ever.</summary>
    public TimeSpan Expiry { get; init; }

    /// <summary>How it was delivered.</summary>
    public MqttQos Qos { get; } = qos;

    /// <summary>Whether the broker had kept it from before the subscription.</summary>
    public bool IsRetained { get; } = isRetained;
}
