namespace Edge.Graph;

/// <summary>Which tensors hold the quantization parameters of another one (<c>SCALE_TENSOR</c>, <c>ZERO_POINT_TENSOR</c>).</summary>
/// <param name="Tensor">The quantized value's name.</param>
/// <param name="Parameters">Role and name of each parameter tensor.</param>
public sealed record QuantizationAnnotation(string Tensor, IReadOnlyList<KeyValuePair<string, string>> Parameters);
