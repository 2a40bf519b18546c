namespace Edge.Fleet.Protocol;

/// <summary>How often a line was crossed since the pipeline started.</summary>
/// <param name="LeftToRight">From its left to its right, seen along it from its first point to its second.</param>
/// <param name="RightToLeft">The other way.</param>
public sealed record LineCount(long LeftToRight, long RightToLeft);
