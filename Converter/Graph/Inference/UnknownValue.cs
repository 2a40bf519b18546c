namespace Edge.Graph.Inference;

/// <summary>A value whose type or shape inference could not find, wholly or in part.</summary>
/// <param name="Value">The value.</param>
/// <param name="Reason">Which node makes it and why nothing follows: <c>NonZero node 'n': …</c>.</param>
public sealed record UnknownValue(Value Value, string Reason);
