namespace Edge.Quantizer.Speed;

/// <summary>A choice of layers that was measured.</summary>
/// <param name="Name">It, in words.</param>
/// <param name="QuantizedLayers">How many layers with weights compute on whole numbers.</param>
/// <param name="Speedup">How many times as fast as the float model, both run in turn.</param>
public sealed record SpeedVariant(string Name, int QuantizedLayers, double Speedup);
