namespace Edge.Runtime.Configuration;

/// <summary>How this device follows its fleet.</summary>
internal sealed record UpdateConfig
{
    /// <summary>Where releases and journals are kept; only the runtime's user may write there.</summary>
    public required string Folder { get; init; }

    /// <summary>Files of public keys; a desired state must be signed by one of them.</summary>
    public required IReadOnlyList<string> FleetKeys { get; init; }

    /// <summary>Groups whose desired states are for this device too.</summary>
    public IReadOnlyList<string> Groups { get; set; } = [];

    /// <summary>The most bytes in a second that an update takes; 0 for as many as come.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>When updates may be fetched and tried, such as 02:00-05:00 by the machine's clock; null for always.</summary>
    public string? Window { get; init; }

    /// <summary>Disk that stays free, in 10⁶ bytes.</summary>
    public double ReserveMB { get; set; } = 16;

    /// <summary>No update begins below this while the battery is discharging; 0 looks at no battery.</summary>
    public double MinimumBatteryPercent { get; set; }

    /// <summary>No update begins above this; 0 looks at no temperature.</summary>
    public double MaximumTemperatureCelsius { get; set; }
}
