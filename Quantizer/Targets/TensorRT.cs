namespace Edge.Quantizer.Targets;

/// <summary>
/// TensorRT's rules for explicit quantization ("Working with Quantized Types" of its developer guide): signed and symmetric
/// throughout, scales in front of what computes rather than behind it, biases in float, activations and element-wise layers left
/// to its own fusion.
/// </summary>
internal static class TensorRT
{
    internal static QuantizationTarget Policy { get; } = new()
    {
        Name = "tensorrt",
        Activations = QuantizedType.Int8,
        SymmetricActivations = true,
        ConvolutionsGiveQuantized = false,
        QuantizesBias = false,
        Operators = QuantizationTarget.Table(
            computes: "Conv ConvTranspose Gemm MatMul",
            follows: "AveragePool GlobalAveragePool",
            moves: "MaxPool Flatten Reshape Transpose Squeeze Unsqueeze"),
    };
}
