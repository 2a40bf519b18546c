namespace Edge.Quantizer.Targets;

/// <summary>What a chip and its engine run well: one policy a target.</summary>
public sealed record QuantizationTarget
{
    /// <summary>x86-64 with ONNX Runtime's CPU provider, which multiplies unsigned activations with signed weights.</summary>
    public static QuantizationTarget CpuX64 { get; } = new()
    {
        Name = "cpu-x64",
        Computes = new HashSet<string> { "Conv", "Gemm", "MatMul" },
        Follows = new HashSet<string> { "Add", "AveragePool", "GlobalAveragePool" },
        Moves = new HashSet<string> { "MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze" },
    };

    /// <summary>x86-64 without VNNI, where sums of two products saturate at 16 bits: weights take 7 bits.</summary>
    public static QuantizationTarget CpuX64WithoutVnni { get; } = CpuX64 with { Name = "cpu-x64-avx2", WeightSteps = 63 };

    /// <summary>Every target by its name.</summary>
    public static IReadOnlyList<QuantizationTarget> All { get; } = [CpuX64, CpuX64WithoutVnni];

    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Operators with weights: where the multiply-adds are.</summary>
    public required IReadOnlySet<string> Computes { get; init; }

    /// <summary>Operators with integer kernels of their own, quantized where what they read already is.</summary>
    public required IReadOnlySet<string> Follows { get; init; }

    /// <summary>Operators that only move values: what they make keeps the scale of what they read.</summary>
    public required IReadOnlySet<string> Moves { get; init; }

    /// <summary>The largest quantized weight: 127 for 8 bits, 63 for 7.</summary>
    public int WeightSteps { get; init; } = 127;

    /// <summary>Finds a target by its name.</summary>
    /// <param name="name">The name on the command line.</param>
    /// <exception cref="QuantizationException">There is no such target.</exception>
    public static QuantizationTarget Find(string name) =>
        All.FirstOrDefault(target => target.Name == name)
        ?? throw new QuantizationException($"target '{name}' is unknown; choose one of {string.Join(", ", All.Select(target => target.Name))}");
}
