namespace Edge.Inference;

/// <summary>What came of a package's golden inputs.</summary>
/// <param name="Cases">How many were run.</param>
/// <param name="Failed">The input file of the first case that was outside the tolerance; null if none was.</param>
/// <param name="LargestDifference">The largest absolute difference between an output and the expected one.</param>
public sealed record GoldenResult(int Cases, string? Failed, float LargestDifference)
{
    /// <summary>True if every case was within the tolerance.</summary>
    public bool Passed => Failed is null;
}
