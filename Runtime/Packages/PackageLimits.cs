namespace Edge.Packages;

/// <summary>How much a package from outside may ask for. Every limit is checked before the memory is taken.</summary>
public sealed record PackageLimits
{
    /// <summary>The limits that hold where none are given.</summary>
    public static PackageLimits Default { get; } = new();

    /// <summary>The largest package file, in bytes; 1 GiB. At most 2,147,483,591 (one array).</summary>
    public long MaxPackageBytes { get; init; } = 1L << 30;

    /// <summary>The largest <c>manifest.json</c>, in bytes; 16 MiB.</summary>
    public int MaxManifestBytes { get; init; } = 16 << 20;

    /// <summary>The largest <c>labels.txt</c>, in bytes; 1 MiB.</summary>
    public int MaxLabelBytes { get; init; } = 1 << 20;

    /// <summary>The most entries of the archive, manifest and signature included; 1,024.</summary>
    public int MaxEntries { get; init; } = 1024;

    /// <summary>Checks that the limits make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive, or a package would not fit into one array.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPackageBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPackageBytes, Array.MaxLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxManifestBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLabelBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxEntries);
    }
}
