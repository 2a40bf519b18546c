namespace Edge.Agent;

/// <summary>Who the device is, whom it trusts, and what an update may take.</summary>
public sealed record AgentOptions
{
    /// <summary>The first level of topics.</summary>
    public required string Root { get; init; }

    /// <summary>The device's name.</summary>
    public required string Device { get; init; }

    /// <summary>The groups whose desired states are for this device too.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Where slots and journals are kept; made if it is not there. One agent at a time uses it.</summary>
    public required string Folder { get; init; }

    /// <summary>Files of public keys whose packages are run.</summary>
    public required IReadOnlyList<string> PackageKeys { get; init; }

    /// <summary>Files of public keys whose desired states are followed.</summary>
    public required IReadOnlyList<string> FleetKeys { get; init; }

    /// <summary>The version of the runtime, for reports.</summary>
    public required string RuntimeVersion { get; init; }

    /// <summary>Bytes of blobs that are asked for at a time.</summary>
    public int WindowBytes { get; init; } = 512 << 10;

    /// <summary>The most bytes of blobs in a second, over some seconds; 0 for as many as come.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>When blobs may be fetched; null for always.</summary>
    public DailyWindow? Window { get; init; }

    /// <summary>Bytes that stay free on the disk.</summary>
    public long ReserveBytes { get; init; } = 16 << 20;

    /// <summary>How often the process may start while a release is tried before the release is given up.</summary>
    public int MaximumStarts { get; init; } = 3;

    /// <summary>The shortest time between two reports of progress.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Says why this is no time to fetch or to try (battery low, too hot), or null; null for no such gate.</summary>
    public Func<string?>? Gate { get; init; }

    /// <summary>Clocks.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(WindowBytes, Fleet.Protocol.BlobReference.MaximumLength);
        ArgumentOutOfRangeException.ThrowIfNegative(BytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(ReserveBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumStarts);
        ArgumentOutOfRangeException.ThrowIfLessThan(PackageKeys.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FleetKeys.Count, 1);
    }
}
