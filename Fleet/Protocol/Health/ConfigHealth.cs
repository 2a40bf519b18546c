namespace Edge.Fleet.Protocol;

/// <summary>How the configuration is.</summary>
public sealed record ConfigHealth
{
    /// <summary>How often it was read again.</summary>
    public required long Reloads { get; init; }

    /// <summary>Why the last reading failed, so that the configuration before it holds; null where it did not.</summary>
    public required string? Error { get; init; }
}
