namespace Edge.Fleet.Protocol;

/// <summary>One class of a result.</summary>
public sealed record ClassScore
{
    /// <summary>The class's position in the model's output, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its name from the package's labels, or null where the package has none.</summary>
    public string? Label { get; init; }

    /// <summary>Its probability, 0 to 1.</summary>
    public required float Score { get; init; }
}
