namespace Edge.Graph.Passes;

/// <summary>
/// Folds a BatchNormalization with constant statistics into the weights and bias of the Conv before it:
/// <c>w' = w · s / √(v + ε)</c>, <c>b' = (b − m) · s / √(v + ε) + β</c>, by output channel.
/// </summary>
public sealed class FoldBatchNormalization : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "fold BatchNormalization into Conv";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Node node in graph.Nodes)
            {
                if (node.Is("BatchNormalization") && node.Inputs[0]?.Producer is { } conv && TryFold(conv, node))
                {
                    changes++;
                }
            }
        }
        return changes;
    }

    private static bool TryFold(Node conv, Node norm)
    {
        if (!conv.Is("Conv") || conv.Outputs[0] is not { Uses.Count: 1, IsGraphOutput: false } between || !ReferenceEquals(conv.Graph, norm.Graph))
        {
            return false;
        }
        bool givesStatistics = norm.Attributes.GetInt("training_mode", 0) != 0 || norm.Outputs.Skip(1).Any(output => output is { Uses.Count: > 0 } or { IsGraphOutput: true });
        if (givesStatistics || Floats(norm.Input(1)) is not { } scale || Floats(norm.Input(2)) is not { } shift
            || Floats(norm.Input(3)) is not { } mean || Floats(norm.Input(4)) is not { } variance
            || Floats(conv.Input(1)) is not { } weight || (conv.Input(2) is not null && Floats(conv.Input(2)) is null))
        {
            return false;
        }
        long[] dims = conv.Input(1)!.Constant!.Dims;
        int channels = (int)dims[0];
        float[] bias = Floats(conv.Input(2)) ?? new float[channels];
        int inner = weight.Length / channels;
        float epsilon = norm.Attributes.GetFloat("epsilon", 1e-5f);
        for (int channel = 0; channel < channels; channel++)
        {
            double factor = scale[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            foreach (ref float item in weight.AsSpan(channel * inner, inner))
            {
                item = (float)(item * factor);
            }
            bias[channel] = (float)(((bias[channel] - mean[channel]) * factor) + shift[channel]);
        }
        OnnxGraph graph = conv.Graph;
        string stem = conv.Input(1)!.Name;
        conv.SetInput(1, graph.AddInitializer(graph.FreshName(stem + "_folded"), OnnxTensor.From<float>(weight, dims)));
        conv.SetInput(2, graph.AddInitializer(graph.FreshName(stem + "_folded_bias"), OnnxTensor.From<float>(bias, channels)));
        norm.Outputs[0]!.ReplaceAllUsesWith(between);
        return norm.TryRemove();
    }

    private static float[]? Floats(Value? value) =>
        value is { IsConstant: true, Constant: { Type: ElementType.Float } tensor } ? tensor.ToArray<float>() : null;
}
