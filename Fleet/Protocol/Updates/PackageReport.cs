namespace Edge.Fleet.Protocol;

/// <summary>How a device stands with one package.</summary>
public sealed record PackageReport
{
    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>The release that runs; null where none does.</summary>
    public required ModelReference? Running { get; init; }

    /// <summary>The SHA-256 of the running release's manifest; null where none runs.</summary>
    public required string? RunningManifest { get; init; }

    /// <summary>The release before, which it would go back to; null where that is unknown.</summary>
    public ModelReference? Previous { get; init; }

    /// <summary>How far it is.</summary>
    public required UpdatePhase Phase { get; init; }

    /// <summary>The release that <see cref="Phase"/> is about; null where none was asked for.</summary>
    public ModelReference? Target { get; init; }

    /// <summary>The SHA-256 of its manifest.</summary>
    public string? TargetManifest { get; init; }

    /// <summary>Which attempt at it this is.</summary>
    public int Attempt { get; set; }

    /// <summary>0 to 100 of what there is to fetch, or of the trial's time.</summary>
    public double ProgressPercent { get; set; }

    /// <summary>Bytes of blobs that came over the network for this release.</summary>
    public long BytesFetched { get; set; }

    /// <summary>Bytes that a release on the device had already.</summary>
    public long BytesReused { get; set; }

    /// <summary>The speed of the fetch, measured over its last seconds.</summary>
    public double BytesPerSecond { get; set; }

    /// <summary>What it waits for, in plain words; null where it does not wait.</summary>
    public string? Waiting { get; init; }

    /// <summary>Why it failed, or was rolled back, in plain words; null where it did not.</summary>
    public string? Error { get; init; }
}
