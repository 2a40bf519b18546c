namespace Edge.Quantizer.Targets;

/// <summary>
/// x86-64 with ONNX Runtime's CPU provider. Its integer kernels multiply unsigned activations with signed weights, which is what
/// VNNI does in one instruction; signed activations take a slower path.
/// </summary>
internal static class CpuX64
{
    internal static QuantizationTarget Policy { get; } = new()
    {
        Name = "cpu-x64",
        Operators = QuantizationTarget.Table(
            computes: "Conv Gemm MatMul",
            follows: "Add Mul AveragePool GlobalAveragePool LeakyRelu Sigmoid",
            moves: "MaxPool Flatten Reshape Transpose Squeeze Unsqueeze Gather Slice Split Resize"),
    };

    /// <summary>Without VNNI sums of two products saturate at 16 bits: weights take 7 bits.</summary>
    internal static QuantizationTarget WithoutVnni { get; } = Policy with { Name = "cpu-x64-avx2", WeightSteps = 63 };
}
