namespace Edge.Fleet.Protocol;

/// <summary>How the connection to the broker is.</summary>
public sealed record BrokerHealth
{
    /// <summary>Whether it stands.</summary>
    public required bool Connected { get; init; }

    /// <summary>How often it was made again.</summary>
    public required long Reconnects { get; init; }

    /// <summary>Messages accepted.</summary>
    public required long Published { get; init; }

    /// <summary>Of these, acknowledged by the broker.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Results that no broker took.</summary>
    public required long Dropped { get; init; }

    /// <summary>Results and events in the spool that are not acknowledged yet; 0 without a spool.</summary>
    public long Waiting { get; init; }

    /// <summary>Why the last connection ended or failed; null where none did.</summary>
    public required string? LastError { get; init; }
}
