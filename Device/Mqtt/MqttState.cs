namespace Edge.Mqtt;

/// <summary>Where a client stands.</summary>
public enum MqttState
{
    /// <summary>Not started.</summary>
    Idle,

    /// <summary>Resolving, connecting, or waiting for the broker's greeting.</summary>
    Connecting,

    /// <summary>Connected: messages can be published.</summary>
    Connected,

    /// <summary>Not connected; the next attempt follows after the back-off.</summary>
    Waiting,

    /// <summary>Disconnected for good.</summary>
    Closed,
}
