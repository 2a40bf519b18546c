namespace Edge.Fleet.Protocol;

/// <summary>What a pipeline's model did apart from results.</summary>
public sealed record ModelHealth
{
    /// <summary>How often it failed.</summary>
    public required long Failures { get; init; }

    /// <summary>How often it was put into quarantine.</summary>
    public required long Quarantines { get; init; }

    /// <summary>How often it was changed for another while frames came.</summary>
    public required long Swaps { get; init; }

    /// <summary>Changes that were refused, or failed, so that the old model went on.</summary>
    public required long FailedSwaps { get; init; }

    /// <summary>Why it failed last, or was not changed; null where neither happened.</summary>
    public required string? LastError { get; init; }
}
