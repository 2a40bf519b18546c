using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Folds a BatchNormalization into the Conv or Gemm behind it. A Conv that pads would read zeros where the normalised input
/// has none, so it takes only a normalisation without summand.
/// </summary>
public sealed class FoldBatchNormalizationIntoNext : NodePass
{
    /// <inheritdoc/>
    public override string Name => "fold BatchNormalization into the layer behind";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("BatchNormalization") || NormalizationFactors.Of(node) is not { } factors
            || node.Outputs[0] is not { } between || !between.HasOneReader() || node.Input(0) is not { } input)
        {
            return false;
        }
        Use use = between.Uses.First();
        bool takes = use.Index == 0 && ReferenceEquals(use.Node.Graph, node.Graph) && LinearLayer.Open(use.Node) is { } layer
            && layer.Node.OpType is "Conv" or "Gemm" && layer.Node.Attributes.GetInt("transA", 0) == 0
            && layer.InputChannels == factors.Scale.Length && (!layer.Pads || !LinearLayer.Any(factors.Shift));
        if (!takes)
        {
            return false;
        }
        LinearLayer.Open(use.Node)!.ScaleInput(factors.Scale, factors.Shift);
        use.Node.SetInput(0, input);
        return node.TryRemove();
    }
}
