namespace Edge.Graph.Schemas;

/// <summary>An attribute of an operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsRequired">True where the operator has no default for it.</param>
public sealed record SchemaAttribute(string Name, AttributeKind Kind, bool IsRequired);
