namespace Edge.Fleet.Protocol;

/// <summary>One object of a <see cref="DetectionResult"/>.</summary>
public sealed record DetectedObject
{
    /// <summary>The class, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its name from the package's labels, or null where the package has none.</summary>
    public string? Label { get; init; }

    /// <summary>How sure the model is, 0 to 1.</summary>
    public required float Score { get; init; }

    /// <summary>Where it is.</summary>
    public required BoxEdges Box { get; init; }

    /// <summary>The number of the tracked object that it is, as in <see cref="ObjectEvent.Id"/>; null where it is none, or nothing is tracked.</summary>
    public long? Track { get; init; }
}
