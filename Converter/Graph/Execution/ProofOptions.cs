namespace Edge.Graph.Execution;

/// <summary>How <see cref="ModelProof"/> compares two models: an element passes when <c>|a − b| ≤ absolute + relative · |b|</c>.</summary>
public sealed record ProofOptions
{
    /// <summary>The part of the tolerance that every element is given.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-4;

    /// <summary>The part that grows with the expected element.</summary>
    public double RelativeTolerance { get; init; } = 1e-3;

    /// <summary>Where the random inputs start.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many sets of random inputs; the first is small in its open sizes, later ones are of other ranges.</summary>
    public int RandomRuns { get; init; } = 2;

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>False compares the graphs as they stand, without the engine's own rewrites.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Sizes for symbolic axes, by name; others are tried out.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A tolerance is negative or not a number, or a count is negative.</exception>
    public void Validate()
    {
        if (!(AbsoluteTolerance >= 0) || !(RelativeTolerance >= 0))
        {
            throw new ArgumentException($"tolerances are zero or more, not {AbsoluteTolerance} and {RelativeTolerance}");
        }
        ArgumentOutOfRangeException.ThrowIfNegative(RandomRuns);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}
