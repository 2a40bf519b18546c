namespace Edge.Reports;

/// <summary>One figure that a reader should see first.</summary>
/// <param name="Figure">The figure with its unit: <c>91.4 %</c>.</param>
/// <param name="Label">What it is.</param>
public sealed record Tile(string Figure, string Label);
