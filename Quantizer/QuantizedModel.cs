using Edge.Graph;

namespace Edge.Quantizer;

/// <summary>What quantization made.</summary>
/// <param name="Model">The QDQ model.</param>
/// <param name="QuantizedNodes">Nodes that compute on whole numbers, in words.</param>
/// <param name="FloatNodes">Nodes that stayed float, with the reason.</param>
/// <param name="Ranges">The range of every quantized activation.</param>
public sealed record QuantizedModel(
    OnnxModel Model,
    IReadOnlyList<string> QuantizedNodes,
    IReadOnlyList<FloatNode> FloatNodes,
    IReadOnlyDictionary<string, TensorRange> Ranges)
{
    /// <summary>The names of the nodes that compute on whole numbers.</summary>
    public IReadOnlySet<string> QuantizedNames { get; init; } = new HashSet<string>();

    /// <summary>What a user should know, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
