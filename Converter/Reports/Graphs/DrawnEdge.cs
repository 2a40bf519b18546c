namespace Edge.Reports.Graphs;

/// <summary>A line from one box to another.</summary>
/// <param name="From">The index of the node where it begins.</param>
/// <param name="To">The index of the node where it ends.</param>
/// <param name="Label">What flows along it, such as a shape; empty for nothing.</param>
public sealed record DrawnEdge(int From, int To, string Label);
