namespace Edge.Fleet.Setup;

/// <summary>Where a fleet's broker is, and how the server proves who it is.</summary>
public sealed record FleetBroker
{
    /// <summary>Its name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; set; } = 1883;

    /// <summary>The authority that signed its certificate (PEM); null for a connection without TLS.</summary>
    public string? CaFile { get; init; }

    /// <summary>The server's own certificate (PEM).</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its key (PEM).</summary>
    public string? KeyFile { get; init; }
}
