namespace Edge.Reports;

/// <summary>One bar of a bar chart.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Value">Its length.</param>
/// <param name="Low">The lower end of its uncertainty; null where there is none.</param>
/// <param name="High">The upper end.</param>
public sealed record Bar(string Name, double Value, double? Low = null, double? High = null);
