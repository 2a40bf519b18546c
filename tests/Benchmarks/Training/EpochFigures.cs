namespace Edge.Benchmarks.Training;

internal readonly record struct EpochFigures(double ImagesPerSecond, double Loss);
