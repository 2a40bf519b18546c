namespace Edge.Mqtt;

/// <summary>TLS for a connection. The broker's certificate is always verified, its name included.</summary>
public sealed record MqttTlsOptions
{
    /// <summary>The certificate authorities to trust (PEM); null for those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>The client's own certificate (PEM), where the broker asks for one; needs <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The unencrypted private key of <see cref="CertificateFile"/> (PEM).</summary>
    public string? KeyFile { get; init; }
}
