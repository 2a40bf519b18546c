namespace Edge.Fleet.Protocol;

/// <summary>What <see cref="SensorResultWriter"/> writes about one window.</summary>
public readonly ref struct SensorFindings
{
    /// <summary>When the newest reading was taken; its kind must be UTC.</summary>
    public required DateTime ReadingTime { get; init; }

    /// <summary>The newest reading, one a column; NaN where one is missing.</summary>
    public required ReadOnlySpan<float> Readings { get; init; }

    /// <summary>A classifier's best classes, best first.</summary>
    public ReadOnlySpan<int> Classes { get; init; }

    /// <summary>Their probabilities, as many.</summary>
    public ReadOnlySpan<float> Scores { get; init; }

    /// <summary>The class that holds; −1 for none.</summary>
    public int State { get; init; }

    /// <summary>Since when it holds.</summary>
    public DateTime StateSince { get; init; }

    /// <summary>Whether the model is an anomaly detector; then the following hold, and classes are not written.</summary>
    public bool HasAnomaly { get; init; }

    /// <summary>How unusual the window is.</summary>
    public double AnomalyScore { get; init; }

    /// <summary>Scores above are unusual; null where nobody says.</summary>
    public double? AnomalyThreshold { get; init; }

    /// <summary>Whether the readings are unusual.</summary>
    public bool IsAnomaly { get; init; }
}
