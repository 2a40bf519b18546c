namespace Edge.Graph.Execution;

/// <summary>Looks at an output where the engine left it.</summary>
/// <param name="index">Which output.</param>
/// <param name="elements">Its elements in C order; valid only during the call.</param>
public delegate void FloatVisitor(int index, ReadOnlySpan<float> elements);
