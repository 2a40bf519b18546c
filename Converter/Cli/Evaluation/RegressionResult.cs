using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>How far predicted numbers are off.</summary>
/// <param name="Predictions">What was predicted, and what was true.</param>
/// <param name="All">All values together.</param>
/// <param name="Columns">Each value of a sample on its own, with its name; empty where there is one.</param>
internal sealed record RegressionResult(Predictions Predictions, RegressionMetrics All, IReadOnlyList<(string Name, RegressionMetrics Metrics)> Columns);
