namespace Edge.Runtime.Configuration;

/// <summary>Where results and events wait while the broker is away.</summary>
internal sealed record SpoolConfig
{
    /// <summary>The file; only this runtime may use it.</summary>
    public required string Path { get; init; }

    /// <summary>All that is kept; the oldest results make room, events never do.</summary>
    public long MaximumBytes { get; set; } = 64_000_000;

    /// <summary>Results older than this are deleted; 0 keeps them for ever.</summary>
    public double MaximumAgeSeconds { get; set; } = 604_800;

    /// <summary>Messages a second when the broker is back; 0 for as many as it takes.</summary>
    public int ReplayPerSecond { get; set; } = 2000;

    /// <summary>The same for the outbox.</summary>
    internal Mqtt.SpoolOptions ToOptions() => new()
    {
        Path = Path,
        MaximumBytes = MaximumBytes,
        MaximumAge = TimeSpan.FromSeconds(MaximumAgeSeconds),
        ReplayPerSecond = ReplayPerSecond,
    };
}
