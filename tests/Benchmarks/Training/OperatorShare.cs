namespace Edge.Benchmarks.Training;

/// <summary>What of the whole time one operator took, forward.</summary>
internal sealed record OperatorShare(string Operator, double Share);
