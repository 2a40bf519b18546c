using Edge.Graph;

namespace Edge.Quantizer;

/// <summary>What quantization made.</summary>
/// <param name="Model">The QDQ model.</param>
/// <param name="QuantizedNodes">Nodes that compute on whole numbers.</param>
/// <param name="FloatNodes">Nodes that stayed float, with the reason.</param>
/// <param name="Ranges">The range of every quantized activation.</param>
public sealed record QuantizedModel(
    OnnxModel Model,
    IReadOnlyList<string> QuantizedNodes,
    IReadOnlyList<KeyValuePair<string, string>> FloatNodes,
    IReadOnlyDictionary<string, TensorRange> Ranges);
