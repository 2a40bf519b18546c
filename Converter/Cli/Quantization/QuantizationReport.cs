using Edge.Cli.Evaluation;

namespace Edge.Cli.Quantization;

/// <summary>A model before and after quantization.</summary>
internal sealed record QuantizationReport
{
    public required string Model { get; init; }

    public required string Target { get; init; }

    public required string Calibration { get; init; }

    public required int CalibrationSamples { get; init; }

    public required int EvaluationSamples { get; init; }

    public required double FloatAccuracy { get; init; }

    public required double Int8Accuracy { get; init; }

    public double Drop => FloatAccuracy - Int8Accuracy;

    public required long FloatBytes { get; init; }

    public required long Int8Bytes { get; init; }

    public double BytesRatio => (double)Int8Bytes / FloatBytes;

    public required Latency FloatLatency { get; init; }

    public required Latency Int8Latency { get; init; }

    /// <summary>Above 1: the quantized model is faster on this machine.</summary>
    public double Speedup => FloatLatency.P50Ms / Int8Latency.P50Ms;

    public required IReadOnlyList<string> QuantizedNodes { get; init; }

    public required IReadOnlyList<FloatNode> FloatNodes { get; init; }

    internal sealed record FloatNode(string Node, string Reason);
}
