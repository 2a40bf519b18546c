namespace Edge.Runtime.Configuration;

/// <summary>How often the device says how it is, and what it says of itself.</summary>
internal sealed record HealthConfig
{
    /// <summary>Seconds between two messages; the percentiles in one are those of its interval.</summary>
    public double IntervalSeconds { get; set; } = 30;

    /// <summary>A stage that shows no sign of life for so long is stuck: it is reported, and systemd's watchdog is fed no more.</summary>
    public double StuckSeconds { get; set; } = 60;

    /// <summary>Resident memory in 10⁶ bytes above which memory is given back and a warning stands in the health message; 0 watches growth only.</summary>
    public double MemoryLimitMB { get; set; }
}
