using Edge.Quantizer.Analysis;
using Edge.Quantizer.MixedPrecision;
using Edge.Quantizer.Speed;

namespace Edge.Cli.Quantization;

/// <summary>A model before and after quantization.</summary>
internal sealed record QuantizationReport
{
    public required string Model { get; init; }

    public required string Scheme { get; init; }

    public required string Target { get; init; }

    public required string Calibration { get; init; }

    public required int CalibrationSamples { get; init; }

    /// <summary>What was repaired before rounding; empty for nothing.</summary>
    public IReadOnlyList<string> Repairs { get; init; } = [];

    /// <summary>What is measured, such as accuracy or AP.</summary>
    public required string Metric { get; init; }

    public required int EvaluationSamples { get; init; }

    public required double FloatValue { get; init; }

    public required double Int8Value { get; init; }

    public double Drop => FloatValue - Int8Value;

    public required long FloatBytes { get; init; }

    public required long Int8Bytes { get; init; }

    public double BytesRatio => (double)Int8Bytes / FloatBytes;

    public required double FloatMs { get; init; }

    public required double Int8Ms { get; init; }

    /// <summary>Above 1: the quantized model is faster on this machine; the median over rounds in which both ran in turn.</summary>
    public required double Speedup { get; init; }

    public required IReadOnlyList<string> QuantizedNodes { get; init; }

    public required IReadOnlyList<FloatNode> FloatNodes { get; init; }

    /// <summary>Each quantized activation against the float model's; empty where the scheme quantizes none.</summary>
    public IReadOnlyList<LayerNoise> Layers { get; init; } = [];

    /// <summary>How far ONNX Runtime and libtorch are apart on the same graph; null where libtorch is absent or lacks an operator.</summary>
    public TorchAgreement? Torch { get; init; }

    /// <summary>What the engine's optimizer made of it; null for schemes without integer kernels.</summary>
    public EngineKernels? Kernels { get; init; }

    /// <summary>What was measured to choose layers for speed; null unless asked for.</summary>
    public SpeedResult? Speed { get; init; }

    /// <summary>What was judged to stay within a loss; null unless asked for.</summary>
    public PrecisionFacts? Precision { get; init; }

    public double? CalibrationSeconds { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What to try next, a line each.</summary>
    public IReadOnlyList<string> Advice { get; init; } = [];

    internal sealed record FloatNode(string Node, string Reason);

    internal sealed record PrecisionFacts(double MaxDrop, bool IsWithin, IReadOnlyList<PrecisionTrial> Trials, IReadOnlyList<LayerSensitivity> Sensitivities);
}
