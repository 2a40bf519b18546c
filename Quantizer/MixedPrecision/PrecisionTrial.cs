namespace Edge.Quantizer.MixedPrecision;

/// <summary>A choice of layers that was judged.</summary>
/// <param name="FloatLayers">How many layers with weights were kept float.</param>
/// <param name="Value">The task metric.</param>
public sealed record PrecisionTrial(int FloatLayers, double Value);
