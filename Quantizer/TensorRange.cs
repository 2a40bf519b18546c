namespace Edge.Quantizer;

/// <summary>The values of a tensor that quantization keeps; what lies outside is clipped.</summary>
/// <param name="Minimum">The lower end.</param>
/// <param name="Maximum">The upper end, not below the lower.</param>
public readonly record struct TensorRange(float Minimum, float Maximum);
