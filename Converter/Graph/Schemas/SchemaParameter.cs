namespace Edge.Graph.Schemas;

/// <summary>An input or output of an operator.</summary>
/// <param name="Name">Its name in the specification.</param>
/// <param name="TypeParameter">The type parameter that it shares with others (<c>T</c>), or a type of its own.</param>
/// <param name="Types">What it may be.</param>
/// <param name="Kind">Whether it may be left out or repeated.</param>
/// <param name="Minimum">How many there must be: 0 or 1.</param>
/// <param name="IsUniform">False for a repeated one of which each may be of another type.</param>
public sealed record SchemaParameter(string Name, string TypeParameter, TypeSet Types, ParameterKind Kind, int Minimum, bool IsUniform);
