namespace Edge.Graph.Analysis;

/// <summary>On what <see cref="OutputComparison"/> runs two models, and what it looks at.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Where the random inputs start.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A copy of the first model whose inputs state sizes for random inputs; null takes its own.</summary>
    public OnnxModel? Shapes { get; init; }

    /// <summary>Values that whole inputs are filled with, by name; others are random.</summary>
    public IReadOnlyDictionary<string, double>? Fill { get; init; }

    /// <summary>Inputs by name, as the first model takes them, in place of random ones; each is read when its turn comes. Null takes random ones.</summary>
    public IEnumerable<IReadOnlyDictionary<string, OnnxTensor>>? Given { get; init; }

    /// <summary>Compares what the nodes make on the way too, where both models give it one name.</summary>
    public bool Layers { get; init; }
}
