namespace Edge.Runtime.Configuration;

/// <summary>Where the MQTT broker is.</summary>
internal sealed record BrokerConfig
{
    internal const string Automatic = "auto";
    internal const string V5 = "5";
    internal const string V311 = "3.1.1";

    public required string Host { get; init; }

    /// <summary>0 stands for 1883, with TLS for 8883.</summary>
    public int Port { get; set; }

    /// <summary>Null stands for <c>root-device</c>.</summary>
    public string? ClientId { get; init; }

    public string? UserName { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>The name of an environment variable that holds the password.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary><c>auto</c>, <c>5</c> or <c>3.1.1</c>.</summary>
    public string Protocol { get; set; } = Automatic;

    /// <summary>A shared key in place of certificates.</summary>
    public PskConfig? Psk { get; init; }

    public TlsConfig? Tls { get; init; }

    public int KeepAliveSeconds { get; set; } = 30;

    /// <summary>How long the broker keeps the subscriptions, and commands for them, while the device is away; 0 for not at all. MQTT 5.</summary>
    public int SessionExpirySeconds { get; set; }

    /// <summary>How many commands of QoS 1 and 2 may be on their way to the device at once. MQTT 5.</summary>
    public int ReceiveMaximum { get; set; } = 20;

    /// <summary>How many messages may be on their way to the broker and unacknowledged; the broker's own limit holds besides.</summary>
    public int InFlightLimit { get; set; } = 256;
}
