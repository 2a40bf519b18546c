namespace Edge.Graph.Inference.Rules;

/// <summary>Operators between real and quantized numbers.</summary>
internal static class QuantizationRules
{
    internal static void Quantize(NodeInference node) =>
        node.Set(0, node.Shape(0), node.Element(2) ?? CreationRules.Type(node, "output_dtype") ?? (node.Has(2) ? null : ElementType.UInt8));

    internal static void Dequantize(NodeInference node) =>
        node.Set(0, node.Shape(0), CreationRules.Type(node, "output_dtype") ?? (node.Version < 19 && node.Node.Domain.Length == 0 ? ElementType.Float : node.Element(1)));

    internal static void DynamicQuantize(NodeInference node)
    {
        node.Set(0, node.Shape(0), ElementType.UInt8);
        node.Set(1, [], ElementType.Float);
        node.Set(2, [], ElementType.UInt8);
    }
}
