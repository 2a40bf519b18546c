namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that ONNX Runtime's optimizer and quantizer write under com.microsoft.</summary>
internal static class MicrosoftRules
{
    internal static void Same(NodeInference node) => node.Set(0, node.Shape(0), node.Element(0));

    internal static void FusedConvolution(NodeInference node)
    {
        WindowRules.Convolution(node);
        SetElement(node, node.Element(0));
    }

    internal static void FusedGemm(NodeInference node)
    {
        MatrixRules.Gemm(node);
        SetElement(node, node.Element(0));
    }

    internal static void BinaryQuantized(NodeInference node)
    {
        if (node.Shape(0) is { } a && node.Shape(3) is { } b)
        {
            node.Set(0, Shapes.Broadcast(node, a, b), node.Element(0));
        }
    }

    private static void SetElement(NodeInference node, ElementType? element)
    {
        if (element is { } known && node.Result(0) is TensorType { Shape: { } shape })
        {
            node.Set(0, new TensorType(known, shape));
        }
    }
}
