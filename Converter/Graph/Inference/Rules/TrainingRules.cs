namespace Edge.Graph.Inference.Rules;

/// <summary>The optimizers of ai.onnx.preview.training: what they update keeps its type.</summary>
internal static class TrainingRules
{
    internal static void Adagrad(NodeInference node) => Update(node, tensors: 3);

    internal static void Momentum(NodeInference node) => Update(node, tensors: 3);

    internal static void Adam(NodeInference node) => Update(node, tensors: 4);

    // Inputs: rate, step, then n weights, n gradients and n of each state; outputs: n weights and n of each state.
    private static void Update(NodeInference node, int tensors)
    {
        int count = (node.InputCount - 2) / tensors;
        for (int output = 0; output < node.OutputCount; output++)
        {
            int input = 2 + (output < count ? output : output + count);
            if (input < node.InputCount)
            {
                node.Set(output, node.Type(input));
            }
        }
    }
}
