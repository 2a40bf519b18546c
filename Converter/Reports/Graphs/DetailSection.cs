namespace Edge.Reports.Graphs;

/// <summary>A group of rows in the panel.</summary>
/// <param name="Heading">Its headline; empty for none.</param>
/// <param name="Rows">The rows.</param>
public sealed record DetailSection(string Heading, IReadOnlyList<DetailRow> Rows);
