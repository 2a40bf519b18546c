namespace Edge.Quantizer.Targets;

/// <summary>Only what every QDQ engine is known to take: layers with weights, sums, pools and moves.</summary>
internal static class Generic
{
    internal static QuantizationTarget Policy { get; } = new()
    {
        Name = "generic",
        Operators = QuantizationTarget.Table(
            computes: "Conv Gemm MatMul",
            follows: "Add AveragePool GlobalAveragePool",
            moves: "MaxPool Flatten Reshape Transpose Squeeze Unsqueeze"),
    };
}
