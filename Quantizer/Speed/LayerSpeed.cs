namespace Edge.Quantizer.Speed;

/// <summary>What a layer takes either way.</summary>
/// <param name="Node">Its name.</param>
/// <param name="FloatMs">Milliseconds in the float model.</param>
/// <param name="Int8Ms">Milliseconds where everything that can is quantized.</param>
/// <param name="IsQuantized">What was chosen.</param>
public sealed record LayerSpeed(string Node, double FloatMs, double Int8Ms, bool IsQuantized);
