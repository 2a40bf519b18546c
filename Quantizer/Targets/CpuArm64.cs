namespace Edge.Quantizer.Targets;

/// <summary>
/// 64-bit ARM with ONNX Runtime's CPU provider. The dot-product instructions take signed activations and symmetric signed weights;
/// there is no saturation to dodge.
/// </summary>
internal static class CpuArm64
{
    internal static QuantizationTarget Policy { get; } = new()
    {
        Name = "cpu-arm64",
        Activations = QuantizedType.Int8,
        Operators = QuantizationTarget.Table(
            computes: "Conv Gemm MatMul",
            follows: "Add Mul AveragePool GlobalAveragePool LeakyRelu Sigmoid",
            moves: "MaxPool Flatten Reshape Transpose Squeeze Unsqueeze Gather Slice Split Resize"),
    };
}
