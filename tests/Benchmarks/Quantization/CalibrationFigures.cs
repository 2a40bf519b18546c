namespace Edge.Benchmarks.Quantization;

/// <summary>What calibration of large images takes beside plain inference of the same.</summary>
internal sealed record CalibrationFigures(int Images, double InferencePeakMB, double PeakExtraMB, double TimeRatio);
