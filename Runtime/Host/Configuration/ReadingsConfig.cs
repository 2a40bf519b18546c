namespace Edge.Runtime.Configuration;

/// <summary>How a pipeline of readings makes windows of them and judges what the model says.</summary>
internal sealed record ReadingsConfig
{
    internal const string ForwardFill = "forwardFill";
    internal const string Mean = "mean";
    internal const string Drop = "drop";

    /// <summary>The source's names of the package's columns, in the package's order; null where they are the same.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>A window is looked at every so many readings.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Readings further apart are in no window together; null for the package's own, 0 for any distance.</summary>
    public double? MaximumGapSeconds { get; init; }

    /// <summary><c>forwardFill</c>, <c>mean</c> or <c>drop</c>.</summary>
    public string Missing { get; set; } = ForwardFill;

    /// <summary>How old a value may be that stands in for a missing one; 0 for any age.</summary>
    public double MaximumAgeSeconds { get; set; }

    /// <summary>By how much another class must be surer to take over, and by which share an anomaly's score must fall to end it; 0 to 1.</summary>
    public double Hysteresis { get; set; }

    /// <summary>How long that must last.</summary>
    public double MinimumSeconds { get; set; }

    /// <summary>Scores above are unusual; null for the package's own.</summary>
    public double? AnomalyThreshold { get; init; }
}
