namespace Edge.Runtime.Configuration;

/// <summary>A collector of OpenTelemetry metrics (OTLP over HTTP, JSON).</summary>
internal sealed record OtlpConfig
{
    /// <summary>Such as <c>http://collector:4318</c>; without a path, <c>/v1/metrics</c> is added.</summary>
    public required string Url { get; init; }

    public double IntervalSeconds { get; set; } = 60;

    /// <summary>A file with the value of the Authorization header, or null.</summary>
    public string? AuthorizationFile { get; init; }

    /// <summary>Certificate authorities to trust (PEM); null for those of the system.</summary>
    public string? CaFile { get; init; }
}
