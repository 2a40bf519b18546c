namespace Edge.Cli.Inspection;

/// <summary>One node, as a row of a table.</summary>
internal sealed record LayerRow
{
    /// <summary>Where it stands, counted over the graph and its subgraphs.</summary>
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required string Operator { get; init; }

    /// <summary>The subgraph that it stands in; null for the model's own graph.</summary>
    public string? Graph { get; init; }

    /// <summary>Type and shape of its first output.</summary>
    public required string Output { get; init; }

    public required long Parameters { get; init; }

    /// <summary>Null where a size is open.</summary>
    public required long? MultiplyAdds { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>Null where a size is open.</summary>
    public required long? OutputBytes { get; init; }

    /// <summary>Per run; null unless profiled.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>Of the time of all nodes, 0–1; null unless profiled.</summary>
    public double? TimeShare { get; init; }
}
