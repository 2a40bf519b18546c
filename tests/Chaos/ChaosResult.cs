namespace Edge.Chaos;

/// <summary>What random histories have shown.</summary>
/// <param name="Histories">How many were played.</param>
/// <param name="Events">Events that engines took in them.</param>
/// <param name="Crashes">Server crashes in them.</param>
/// <param name="Failures">Histories in which an invariant did not hold.</param>
/// <param name="FirstFailure">What the first of these was; null where none was.</param>
public sealed record ChaosResult(long Histories, long Events, long Crashes, long Failures, string? FirstFailure)
{
    /// <summary>How histories ended, by phase of the rollout.</summary>
    public IReadOnlyDictionary<string, long> Ends { get; init; } = new Dictionary<string, long>();

    /// <summary>Which invariants did not hold, and how often.</summary>
    public IReadOnlyDictionary<string, long> Broken { get; init; } = new Dictionary<string, long>();
}
