namespace Edge.Reports.Graphs;

/// <summary>A graph to be drawn from top to bottom.</summary>
/// <param name="Name">What the reader chooses it by, where a page holds several.</param>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Edges">Its edges, in the direction in which data flow.</param>
public sealed record GraphDrawing(string Name, IReadOnlyList<DrawnNode> Nodes, IReadOnlyList<DrawnEdge> Edges);
