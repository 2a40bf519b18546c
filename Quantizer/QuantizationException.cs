using Edge.Foundation;

namespace Edge.Quantizer;

/// <summary>A model or a calibration set cannot be quantized with.</summary>
/// <param name="message">One line: what, where (node, tensor), what to do.</param>
public sealed class QuantizationException(string message) : InputException(message);
