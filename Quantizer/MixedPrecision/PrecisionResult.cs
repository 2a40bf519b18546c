namespace Edge.Quantizer.MixedPrecision;

/// <summary>The most quantized model within a loss of the task metric.</summary>
/// <param name="Model">The model.</param>
/// <param name="KeepFloat">Nodes that were kept float, with the reason.</param>
/// <param name="Value">Its metric.</param>
/// <param name="IsWithin">Whether the loss is within what was allowed.</param>
/// <param name="Sensitivities">Each layer's effect on the outputs, the worst first; empty where nothing had to be kept.</param>
/// <param name="Trials">What was judged, in order.</param>
public sealed record PrecisionResult(
    QuantizedModel Model, IReadOnlyDictionary<string, string> KeepFloat, double Value, bool IsWithin,
    IReadOnlyList<LayerSensitivity> Sensitivities, IReadOnlyList<PrecisionTrial> Trials);
