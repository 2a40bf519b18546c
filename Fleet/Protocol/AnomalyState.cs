namespace Edge.Fleet.Protocol;

/// <summary>How unusual a window of readings is.</summary>
public sealed record AnomalyState
{
    /// <summary>The mean squared distance of the normalised readings from what the model makes of them; 0 or more.</summary>
    public required double Score { get; init; }

    /// <summary>Scores above are unusual; null where neither package nor configuration says.</summary>
    public double? Threshold { get; init; }

    /// <summary>Whether the readings are unusual, without flicker; false where there is no threshold.</summary>
    public required bool IsAnomaly { get; init; }
}
