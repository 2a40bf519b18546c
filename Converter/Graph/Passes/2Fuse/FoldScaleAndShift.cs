using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Folds Mul, Div, Add and Sub of a number, or of one number a channel, into the weights and bias of the Conv,
/// ConvTranspose, Gemm or MatMul before it.
/// </summary>
public sealed class FoldScaleAndShift : NodePass
{
    /// <inheritdoc/>
    public override string Name => "fold arithmetic into the layer before";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Domain.Length > 0 || node.OpType is not ("Mul" or "Div" or "Add" or "Sub") || node.Attributes.Contains("broadcast")
            || Match.WithConstant(node) is not { } sides || !sides.Other.HasOneReader() || sides.Other.ProducerIndex != 0
            || LinearLayer.Open(sides.Other.Producer) is not { } layer || !ReferenceEquals(layer.Node.Graph, node.Graph)
            || PerChannel(sides.Constant.Constant!, layer) is not { } numbers)
        {
            return false;
        }
        double[] ones = new double[numbers.Length];
        Array.Fill(ones, 1);
        (double[]? scale, double[]? shift) = (node.OpType, sides.ConstantIsFirst) switch
        {
            ("Mul", _) => (numbers, null),
            ("Div", false) => (Array.ConvertAll(numbers, number => 1 / number), null),
            ("Add", _) => (ones, numbers),
            ("Sub", false) => (ones, Array.ConvertAll(numbers, number => -number)),
            ("Sub", true) => (Array.ConvertAll(ones, number => -number), numbers),
            _ => ((double[]?)null, (double[]?)null),
        };
        if (scale is null || !Array.TrueForAll(scale, double.IsFinite) || (shift is not null && !(layer.CanShift && Array.TrueForAll(shift, double.IsFinite))))
        {
            return false;
        }
        layer.ScaleOutput(scale, shift);
        return Edits.Bypass(node, layer.Node.Outputs[0]!);
    }

    // The constant as one number a channel, if broadcasting it leaves the layer's result in its shape.
    private static double[]? PerChannel(OnnxTensor constant, LinearLayer layer)
    {
        int rank = constant.Dims.Length;
        if (constant.Type != layer.Element || (rank > 0 && (layer.OutputRank is not { } most || rank > most)))
        {
            return null;
        }
        bool isScalar = constant.Length == 1;
        if (!isScalar && constant.Length != layer.Channels)
        {
            return null;
        }
        int channelAxis = rank - 1 - layer.AxesBehindChannels;
        if (!isScalar && (channelAxis < 0 || constant.Dims[channelAxis] != layer.Channels))
        {
            return null;
        }
        double[] numbers = Numbers.Reals(constant)!;
        if (!isScalar)
        {
            return numbers;
        }
        double[] repeated = new double[layer.Channels];
        Array.Fill(repeated, numbers[0]);
        return repeated;
    }
}
