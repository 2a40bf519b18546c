namespace Edge.Quantizer.MixedPrecision;

/// <summary>A choice of layers that was judged.</summary>
/// <param name="FloatLayers">How many layers with weights were kept float.</param>
/// <param name="Value">The task metric.</param>
/// <param name="Decibels">Signal over noise of the outputs; null where nobody asked for it.</param>
/// <param name="IsWithin">Whether it is good enough.</param>
public sealed record PrecisionTrial(int FloatLayers, double Value, double? Decibels, bool IsWithin);
