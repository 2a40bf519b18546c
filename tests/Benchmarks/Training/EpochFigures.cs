namespace Edge.Benchmarks.Training;

internal readonly record struct EpochFigures(double SamplesPerSecond, double Loss);
