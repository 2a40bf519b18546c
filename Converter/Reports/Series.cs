namespace Edge.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, by rising x.</param>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);
