namespace Edge.Graph.Analysis;

/// <summary>How long the engine took for a node.</summary>
/// <param name="Milliseconds">The mean over the runs.</param>
/// <param name="Share">Of the time of all nodes, 0–1.</param>
/// <param name="Provider">Who ran it: <c>CPUExecutionProvider</c>.</param>
public sealed record NodeTime(double Milliseconds, double Share, string Provider);
