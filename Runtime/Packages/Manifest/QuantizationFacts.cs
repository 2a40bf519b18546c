namespace Edge.Packages;

/// <summary>How a quantized model came about and what it cost.</summary>
public sealed record QuantizationFacts
{
    /// <summary>The scheme, such as <c>qdq-int8</c>.</summary>
    public required string Scheme { get; init; }

    /// <summary>The chip it was quantized for, such as <c>cpu-x64</c>; null where nobody said.</summary>
    public string? Target { get; init; }

    /// <summary>How the ranges were found, such as <c>minmax</c> or <c>percentile-99.99</c>.</summary>
    public required string Calibration { get; init; }

    /// <summary>How many samples the ranges were found on.</summary>
    public int CalibrationSamples { get; init; }

    /// <summary>The measure of the two figures below, such as <c>accuracy</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>The float model's figure.</summary>
    public double? FloatMetric { get; init; }

    /// <summary>The quantized model's figure on the same data.</summary>
    public double? QuantizedMetric { get; init; }

    /// <summary>How many samples the two figures were measured on.</summary>
    public int MetricSamples { get; init; }

    internal void Validate()
    {
        Check.That(Scheme.Length is > 0 and <= 64, "quantization.scheme", "must be 1 to 64 characters");
        Check.That(Target is null or { Length: > 0 and <= 64 }, "quantization.target", "must be 1 to 64 characters");
        Check.That(Calibration.Length is > 0 and <= 64, "quantization.calibration", "must be 1 to 64 characters");
        Check.That(CalibrationSamples >= 0, "quantization.calibrationSamples", "must not be negative");
        Check.That(MetricSamples >= 0, "quantization.metricSamples", "must not be negative");
        Check.That(FloatMetric is not { } f || double.IsFinite(f), "quantization.floatMetric", "must be finite");
        Check.That(QuantizedMetric is not { } q || double.IsFinite(q), "quantization.quantizedMetric", "must be finite");
    }
}
