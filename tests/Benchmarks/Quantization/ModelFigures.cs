namespace Edge.Benchmarks.Quantization;

/// <summary>A model before and after quantization.</summary>
internal sealed record ModelFigures
{
    public required string Name { get; init; }

    /// <summary>What was done to it.</summary>
    public required string Scheme { get; init; }

    public required string Metric { get; init; }

    public required double FloatValue { get; init; }

    public required double Int8Value { get; init; }

    public double Drop => FloatValue - Int8Value;

    /// <summary>What the metric was before layers were left float for speed: that of the most quantized model that is good enough.</summary>
    public double? ValueBeforeSpeed { get; init; }

    /// <summary>How many layers that model has on whole numbers.</summary>
    public int? LayersBeforeSpeed { get; init; }

    public required double FloatMs { get; init; }

    public required double Int8Ms { get; init; }

    /// <summary>Median of the ratios of rounds in which both ran in turn, one thread.</summary>
    public required double Speedup { get; init; }

    /// <summary>The same with every layer quantized that can be, measured in the same rounds.</summary>
    public double? NaiveSpeedup { get; init; }

    public required double BytesRatio { get; init; }

    public required int QuantizedLayers { get; init; }

    public required int FloatLayers { get; init; }

    /// <summary>How far libtorch's execution of the same graph is off at most, in quantization steps.</summary>
    public double? TorchMaxSteps { get; init; }

    /// <summary>How far it is off on the mean of all quantized activations.</summary>
    public double? TorchMeanSteps { get; init; }

    /// <summary>What it was calibrated with and judged by.</summary>
    public required string Against { get; init; }

    /// <summary>How many boxes or samples the metric rests on.</summary>
    public int Samples { get; init; }

    /// <summary>How long the row took.</summary>
    public double Seconds { get; init; }

    /// <summary>The machine's load while it was measured, of the last minute.</summary>
    public double Load { get; init; }

    /// <summary>The load that the kernel tells.</summary>
    internal static double CurrentLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
}
