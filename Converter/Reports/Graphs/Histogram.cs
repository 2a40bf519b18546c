namespace Edge.Reports.Graphs;

/// <summary>How values are spread.</summary>
/// <param name="Minimum">Where the first step begins.</param>
/// <param name="Maximum">Where the last step ends.</param>
/// <param name="Counts">How many values fall into each of equal steps.</param>
public sealed record Histogram(double Minimum, double Maximum, IReadOnlyList<long> Counts);
