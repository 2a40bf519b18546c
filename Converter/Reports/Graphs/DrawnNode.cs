namespace Edge.Reports.Graphs;

/// <summary>A box of a drawing.</summary>
/// <param name="Title">Its first line, such as the operator.</param>
/// <param name="Subtitle">A second, smaller line; empty for none.</param>
/// <param name="Kind">What colours it, and stands in the legend.</param>
/// <param name="Search">Further words by which it is found, such as its name and those of its tensors.</param>
/// <param name="Details">What the panel shows when it is clicked.</param>
public sealed record DrawnNode(string Title, string Subtitle, NodeKind Kind, string Search, IReadOnlyList<DetailSection> Details);
