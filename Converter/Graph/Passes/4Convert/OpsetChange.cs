namespace Edge.Graph.Passes;

/// <summary>A version of an operator that asks something of models written for the one before.</summary>
/// <param name="Version">The opset that brought it.</param>
/// <param name="Apply">Rewrites a node; returns the one that stands in its place, the same where it was changed itself.</param>
/// <param name="Refuse">Why a node cannot be rewritten, or null; looks only, so that nothing is changed before everything is known to fit.</param>
internal sealed record OpsetChange(long Version, Func<Node, Node>? Apply, Func<Node, string?>? Refuse = null);
