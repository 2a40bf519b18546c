namespace Edge.Runtime.Configuration;

/// <summary>TLS to the broker. An empty object trusts the system's authorities.</summary>
internal sealed record TlsConfig
{
    public string? CaFile { get; init; }

    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }
}
