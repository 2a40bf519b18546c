namespace Edge.Benchmarks.Training;

/// <summary>What of the whole time one operator took.</summary>
internal sealed record OperatorShare(string Operator, double Forward, double Backward);
