namespace Edge.Cli.Inspection;

/// <summary>What a model costs in total.</summary>
internal sealed record CostFacts
{
    /// <summary>One product added to a sum; a FLOP count is twice that.</summary>
    public required long MultiplyAdds { get; init; }

    public required long Parameters { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>The file itself, without external data beside it.</summary>
    public required long FileBytes { get; init; }

    /// <summary>True where an open batch was taken as 1.</summary>
    public required bool AssumesBatchOfOne { get; init; }

    /// <summary>Nodes whose multiply-adds are missing, since a size is open or they call a function of the model's own.</summary>
    public required IReadOnlyList<string> NotCounted { get; init; }
}
