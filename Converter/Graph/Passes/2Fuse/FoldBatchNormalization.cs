using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Folds a BatchNormalization with constant statistics into the Conv, ConvTranspose, Gemm or MatMul before it:
/// <c>w' = w · s / √(v + ε)</c>, <c>b' = (b − m) · s / √(v + ε) + β</c>, by output channel.
/// </summary>
public sealed class FoldBatchNormalization : NodePass
{
    /// <inheritdoc/>
    public override string Name => "fold BatchNormalization into the layer before";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("BatchNormalization") || NormalizationFactors.Of(node) is not { } factors
            || node.Input(0) is not { } between || !between.HasOneReader() || between.ProducerIndex != 0
            || LinearLayer.Open(between.Producer) is not { CanShift: true } layer || !ReferenceEquals(layer.Node.Graph, node.Graph))
        {
            return false;
        }
        // Channels are axis 1; a layer's are the axis before its spatial ones.
        if (layer.Channels != factors.Scale.Length || layer.OutputRank - layer.AxesBehindChannels != 2)
        {
            return false;
        }
        layer.ScaleOutput(factors.Scale, factors.Shift);
        return Edits.Bypass(node, layer.Node.Outputs[0]!);
    }
}
