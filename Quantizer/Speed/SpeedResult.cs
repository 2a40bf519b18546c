namespace Edge.Quantizer.Speed;

/// <summary>Which layers are worth quantizing on this machine.</summary>
/// <param name="KeepFloat">Nodes to keep float, with the reason.</param>
/// <param name="Layers">What each layer takes either way.</param>
/// <param name="Variants">What was measured, the chosen one first.</param>
public sealed record SpeedResult(IReadOnlyDictionary<string, string> KeepFloat, IReadOnlyList<LayerSpeed> Layers, IReadOnlyList<SpeedVariant> Variants)
{
    /// <summary>Whether anything stays quantized.</summary>
    public bool AnyQuantized => Variants[0].QuantizedLayers > 0;
}
