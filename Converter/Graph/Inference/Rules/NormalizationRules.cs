namespace Edge.Graph.Inference.Rules;

/// <summary>Normalizations that give statistics beside the result, and losses.</summary>
internal static class NormalizationRules
{
    internal static void BatchNormalization(NodeInference node)
    {
        node.Set(0, node.Shape(0));
        for (int output = 1; output < node.OutputCount; output++)
        {
            // Running mean and variance, then in old versions those of the batch: all of the shape of the stored ones.
            node.Set(output, node.Shape(3));
        }
    }

    internal static void LayerNormalization(NodeInference node)
    {
        if (node.Shape(0) is not { } shape || node.Axis("axis", -1, shape.Length) is not { } axis)
        {
            return;
        }
        node.Set(0, shape);
        SizeExpression?[] statistics = [.. shape.Select((size, index) => index < axis ? size : SizeExpression.One)];
        ElementType type = CreationRules.Type(node, "stash_type") ?? ElementType.Float;
        node.Set(1, statistics, type);
        node.Set(2, statistics, type);
    }

    internal static void NegativeLogLikelihoodLoss(NodeInference node) =>
        node.Set(0, node.Text("reduction", "mean") == "none" ? node.Shape(1) : []);

    internal static void SoftmaxCrossEntropyLoss(NodeInference node)
    {
        NegativeLogLikelihoodLoss(node);
        node.Set(1, node.Shape(0));
    }
}
