namespace Edge.Runtime.Configuration;

/// <summary>Where the MQTT broker is.</summary>
internal sealed record BrokerConfig
{
    public required string Host { get; init; }

    /// <summary>0 stands for 1883, with TLS for 8883.</summary>
    public int Port { get; set; }

    /// <summary>Null stands for <c>root-device</c>.</summary>
    public string? ClientId { get; init; }

    public string? UserName { get; init; }

    public string? PasswordFile { get; init; }

    public TlsConfig? Tls { get; init; }

    public int KeepAliveSeconds { get; set; } = 30;
}
