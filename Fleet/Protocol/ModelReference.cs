namespace Edge.Fleet.Protocol;

/// <summary>Which model made a result.</summary>
public sealed record ModelReference
{
    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>The package's semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>The package's release number, which only grows.</summary>
    public required long Release { get; init; }
}
