namespace Edge.Graph;

/// <summary>A place where a value is read.</summary>
/// <param name="Node">The node that reads it, in the value's graph or in a subgraph.</param>
/// <param name="Index">Which of the node's inputs.</param>
public readonly record struct Use(Node Node, int Index);
