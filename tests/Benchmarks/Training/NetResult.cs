namespace Edge.Benchmarks.Training;

/// <summary>What one net came to, for the report.</summary>
internal sealed record NetResult(
    int Batch, int Samples, double EdgeSamplesPerSecond, double? TorchSamplesPerSecond, double? TorchRatio, double AllocatedBytesPerStep,
    IReadOnlyDictionary<string, double> PhaseShares, IReadOnlyList<OperatorShare> Operators, IReadOnlyList<double> EdgeRuns, IReadOnlyList<double> TorchRuns);
